import { type Clock, errorCode, Seconds, sleep, type Timer } from '@postern/core';
import { updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { DownloadImage, ImageFiles, ImageReception } from './ports.ts';

export interface SiteImage {
  readonly sha256: string;
  /** Bytes, as the manifest says. */
  readonly length: number;
}

export interface ReceiveContext {
  readonly store: ImageFiles;
  readonly download: DownloadImage;
  readonly clock: Clock;
  /** Images that may not give way. */
  readonly needed: () => ReadonlySet<string>;
  /** Makes room for one image at a time, so that two do not count on the same room. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A node above that has not the image yet is asked again after this. */
const ASKED_AGAIN_AFTER = Seconds(5);

/** A server that sends nothing for so long has lost the connection. */
const STALLED_AFTER = Seconds(30);

/**
 * Brings one image to the site: goes on after what an interrupted attempt left, hashes while it arrives, and takes no
 * more from the connection than the disk has taken.
 *
 * @param onBytes told how many bytes of the image are here
 * @returns bytes that came over the uplink
 * @throws PosternError `image-missing`, `storage-full`, `digest-mismatch`, `too-long`, or a transient code
 * @spec X5
 */
export const receiveImage = async (
  context: ReceiveContext,
  image: SiteImage,
  onBytes: (held: number) => void,
  signal: AbortSignal,
): Promise<number> => {
  let receiver = await makeRoom(context, image, true, signal);
  const watch = stallWatch(context.clock, signal);
  try {
    // An earlier process may have had the last byte.
    if (receiver.offset === image.length && image.length > 0) {
      await receiver.finish();
      return 0;
    }
    const { offset, content } = await onceReady(context, watch, () =>
      context.download(image, receiver.offset, watch.signal),
    );
    if (offset !== receiver.offset) {
      await receiver.abort();
      receiver = await makeRoom(context, image, false, signal);
    }
    const before = receiver.offset;
    for await (const chunk of content) {
      watch.alive();
      await receiver.write(chunk);
      onBytes(receiver.offset);
    }
    const received = receiver.offset - before;
    if (receiver.offset < image.length) {
      throw intermediaryError('connection-lost', `The image ended after ${receiver.offset} bytes`);
    }
    await receiver.finish();
    return received;
  } catch (error) {
    throw inUpdateTerms(error);
  } finally {
    watch.end();
    await receiver.abort();
  }
};

/**
 * The node above may be fetching the image itself, which takes as long as it takes: it is asked again until the work is
 * called off. That is no stall.
 */
const onceReady = async <T>(
  { clock }: ReceiveContext,
  watch: ReturnType<typeof stallWatch>,
  ask: () => Promise<T>,
): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (errorCode(error, '') !== 'image-not-ready') throw error;
    }
    watch.alive();
    await sleep(clock, ASKED_AGAIN_AFTER, watch.signal);
  }
};

/** Opens the receiver; when there is no room, images that no open update needs give way, least recently used first. */
const makeRoom = (
  { store, needed, alone }: ReceiveContext,
  { sha256, length }: SiteImage,
  resume: boolean,
  signal: AbortSignal,
): Promise<ImageReception> =>
  alone(async () => {
    try {
      return await store.receive({ sha256, length, resume, signal });
    } catch (error) {
      if (errorCode(error, '') !== 'storage-full') throw error;
    }
    const keep = new Set([...needed(), sha256]);
    try {
      await store.evictUntil(length, keep);
    } catch (error) {
      if (errorCode(error, '') !== 'storage-full') throw error;
      // What is held of the image itself may be what is missing.
      await store.remove(sha256);
      await store.evictUntil(length, keep);
    }
    return await store.receive({ sha256, length, resume, signal });
  });

/** Storage's code for too many bytes is no code of an update. */
const inUpdateTerms = (error: unknown): unknown =>
  errorCode(error, '') === 'length-mismatch'
    ? updateError('too-long', 'The server sent more bytes than the manifest allows', error)
    : error;

/** A signal that follows `parent` and aborts when nothing has come for too long. */
const stallWatch = (clock: Clock, parent: AbortSignal) => {
  const controller = new AbortController();
  const stalled = (): void =>
    controller.abort(
      intermediaryError('connection-lost', `No byte of the image came for ${STALLED_AFTER} ms`),
    );
  const arm = (): Timer => clock.schedule(STALLED_AFTER, stalled);
  const onAbort = (): void => controller.abort(parent.reason);
  let timer = arm();
  if (parent.aborted) onAbort();
  parent.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    alive: (): void => {
      timer.cancel();
      timer = arm();
    },
    end: (): void => {
      timer.cancel();
      parent.removeEventListener('abort', onAbort);
      // Ends a download that was not read to its end.
      controller.abort();
    },
  };
};
