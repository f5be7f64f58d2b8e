import { type Clock, type Logger, PosternError } from '@postern/core';
import { createImageRoute, type HttpRoute, IMAGE_PREFIX } from '@postern/soap-rpc';
import type { Happenings } from './happenings.ts';

/** Images by their SHA-256, beside the uplink; what is at a name may be something else. */
export const playedImages = (
  images: ReadonlyMap<string, Uint8Array>,
  happenings: Happenings,
  clock: Clock,
  logger: Logger,
): Readonly<Record<string, HttpRoute>> => ({
  [IMAGE_PREFIX]: createImageRoute({
    find: async (_peer, sha256) => {
      const image = images.get(sha256);
      if (image === undefined) throw missing(`There is no image ${sha256}`);
      return {
        length: image.length,
        open: async ({ start = 0, end = image.length - 1 }) => {
          happenings.add({ kind: 'image', sha256, bytes: end + 1 - start });
          return only(image.subarray(start, end + 1));
        },
      };
    },
    refuse: (code, message) => new PosternError(code, message),
    refusal: () => ({ status: 404, problem: { title: 'There is no such image' } }),
    clock,
    logger,
  }),
});

const missing = (message: string): Error => new PosternError('image-missing', message);

async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
