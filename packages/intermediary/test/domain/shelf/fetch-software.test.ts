import { expect, test } from '@jest/globals';
import { Minutes, PosternError, Seconds } from '@postern/core';
import type { VirtualClock } from '@postern/core/testing';
import type { DownloadImage } from '../../../src/domain/images/ports.ts';
import type { RequestFacts } from '../../../src/domain/requests/ports.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';
import { siteSoftware } from '../../support/site-software.ts';
import { IMAGE, makeManifest, START, sha256, sign } from '../../support/software.ts';

const half = IMAGE.length / 2;

/** A server that breaks off in the middle once, and goes on from there. */
const breaking = () => {
  const offsets: number[] = [];
  const download: DownloadImage = async (_image, offset) => {
    offsets.push(offset);
    const content = (async function* () {
      yield IMAGE.subarray(offset, offset === 0 ? half : IMAGE.length);
      if (offset === 0) throw new PosternError('connection-lost', 'It broke off');
    })();
    return { offset, content };
  };
  return { offsets, download };
};

const request: RequestFacts = {
  requestId: 'fetch-1',
  target: 'site-a',
  kind: 'FetchSoftware',
  expiresAt: (START + Minutes(10)) as RequestFacts['expiresAt'],
};

const site = async (directory: string, download: DownloadImage, clock?: VirtualClock) => {
  const process = await startProcess({ directory, ...(clock === undefined ? {} : { clock }) });
  return { ...process, ...(await siteSoftware({ ...process, directory, download })) };
};

const store = ({ requests, shelfStore }: Awaited<ReturnType<typeof site>>): void => {
  requests.add(request);
  const manifest = makeManifest();
  shelfStore.addFetch({ requestId: 'fetch-1', signedManifest: sign(manifest), manifest });
};

/**
 * The disk is real, the clock is not: time passes only while the fetch pauses, that is while there is a timer beside
 * the one of its deadline.
 */
const until = async (clock: VirtualClock, holds: () => boolean): Promise<void> => {
  while (!holds()) {
    if (clock.pending > 1) await clock.advance(Seconds(0.5));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** @spec I5 X5 */
test('a fetch that breaks off goes on where it stopped, and is answered when the software is on the shelf', async () => {
  const { offsets, download } = breaking();
  const here = await site(await temporaryDirectory(), download);
  store(here);
  expect(here.shelf.pinned()).toEqual(new Set([sha256(IMAGE)]));
  here.fetchSoftware.start(request);
  await until(here.clock, () => here.requests.response('fetch-1') !== undefined);
  expect(offsets).toEqual([0, half]);
  expect(here.requests.response('fetch-1')?.body).toEqual({
    kind: 'FetchSoftwareResponse',
    value: { fetchedBytes: IMAGE.length - half },
  });
  expect(here.shelf.items()).toMatchObject([{ source: 'server' }]);
  expect(here.shelfStore.fetches()).toEqual([]);
});

/** @spec I5 X6 */
test('a fetch goes on after a restart', async () => {
  const directory = await temporaryDirectory();
  const silent: DownloadImage = (_image, _offset, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const first = await site(directory, silent);
  store(first);
  first.fetchSoftware.start(request);
  await first.fetchSoftware.close();
  expect(first.requests.response('fetch-1')).toBeUndefined();
  first.database.close();

  const second = await site(directory, breaking().download, first.clock);
  for (const open of second.requests.open()) second.fetchSoftware.start(open);
  await until(second.clock, () => second.shelf.items().length === 1);
});

/** @spec I5 */
test('a fetch that does not end in time is answered with a failure', async () => {
  const never: DownloadImage = async () => {
    throw new PosternError('unreachable', 'No server');
  };
  const here = await site(await temporaryDirectory(), never);
  store(here);
  here.fetchSoftware.start(request);
  await until(here.clock, () => here.requests.response('fetch-1') !== undefined);
  expect(here.requests.response('fetch-1')?.body).toMatchObject({
    kind: 'Failure',
    value: { code: 'deadline-exceeded' },
  });
  expect(here.clock.now()).toBeGreaterThanOrEqual(request.expiresAt);
  expect(here.shelf.pinned().size).toBe(0);
});
