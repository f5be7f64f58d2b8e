import type { types } from '@postern/contracts';
import { throwIfCancelled } from '@postern/core';
import { Doorbell } from '../doorbell.ts';
import type { DeviceSearch } from '../search/device-search.ts';
import type { SearchProgress, SearchQuery, SearchResult } from '../search/search.ts';
import { wireFailure } from '../wire-text.ts';

/** What a follower of a search is told. */
export type SearchEvent =
  | { readonly type: 'progress'; readonly progress: SearchProgress }
  | { readonly type: 'finished'; readonly result: SearchResult }
  | { readonly type: 'failed'; readonly failure: types.Failure };

/**
 * Searches and tells how far it is: whoever is slow to listen hears the newest only. The search goes on when nobody
 * listens any more.
 *
 * @throws PosternError as {@link DeviceSearch.start}: what is wrong with the query at once; `cancelled` when the signal aborts
 */
export const followSearch = (
  search: Pick<DeviceSearch, 'start'>,
  query: SearchQuery,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent> => {
  const bell = new Doorbell();
  let progress: SearchProgress | undefined;
  const ended = search.start(query, (news) => {
    progress = news;
    bell.ring();
  });
  let over = false;
  ended
    .catch(() => {})
    .finally(() => {
      over = true;
      bell.ring();
    });

  async function* events(): AsyncGenerator<SearchEvent> {
    while (!over) {
      await bell.wait(signal);
      throwIfCancelled(signal);
      const news = progress;
      progress = undefined;
      if (news !== undefined) yield { type: 'progress', progress: news };
    }
    yield await ended.then(
      (result): SearchEvent => ({ type: 'finished', result }),
      (error): SearchEvent => ({ type: 'failed', failure: wireFailure(error) }),
    );
  }
  return events();
};
