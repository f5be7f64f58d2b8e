import { type Clock, type Duration, PosternError, sleep } from '@postern/core';
import { testbedError } from '../errors.ts';

/** Changes what passes through one data connection. */
export type Alteration = (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>;

/** Longest download that can be rewritten. */
const REWRITE_BYTES = 1_024 * 1_024;

const ZEROS = Buffer.alloc(64 * 1_024);

/** Cuts the chunks so that one of them ends exactly after `offset` bytes, and tells each chunk's own offset. */
async function* dividedAt(
  source: AsyncIterable<Buffer>,
  offset: number,
): AsyncGenerator<{ readonly at: number; readonly chunk: Buffer }> {
  let at = 0;
  for await (const chunk of source) {
    const before = offset - at;
    if (before > 0 && before < chunk.length) {
      yield { at, chunk: chunk.subarray(0, before) };
      yield { at: offset, chunk: chunk.subarray(before) };
    } else {
      yield { at, chunk };
    }
    at += chunk.length;
  }
}

export const flipByteAt = (offset: number): Alteration =>
  async function* (source) {
    for await (const { at, chunk } of dividedAt(source, offset)) {
      const [first] = chunk;
      if (at !== offset || first === undefined) {
        yield chunk;
        continue;
      }
      const flipped = Buffer.from(chunk);
      flipped[0] = first ^ 1;
      yield flipped;
    }
  };

/** The rest is taken from the sender all the same: it must not notice. */
export const truncateAt = (bytes: number): Alteration =>
  async function* (source) {
    for await (const { at, chunk } of dividedAt(source, bytes)) if (at < bytes) yield chunk;
  };

/** What was sent is taken from the sender to its end; the receiver gets `content`. */
export const replaceWith = (content: Uint8Array): Alteration =>
  async function* (source) {
    for await (const _ of source);
    yield Buffer.from(content);
  };

/** As slowly as that, to the end or until `ending` aborts. */
export const trickle = (clock: Clock, bytes: number, pause: Duration, ending: AbortSignal): Alteration =>
  async function* (source) {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += bytes) {
        yield chunk.subarray(at, at + bytes);
        await sleep(clock, pause, ending);
      }
    }
  };

export const appendEndless: Alteration = async function* (source) {
  yield* source;
  for (;;) yield ZEROS;
};

/** @throws PosternError `connection-cut` in the place of the byte at `bytes` */
export const cutAt = (bytes: number): Alteration =>
  async function* (source) {
    for await (const { at, chunk } of dividedAt(source, bytes)) {
      if (at >= bytes) throw testbedError('connection-cut', `Cut at byte ${bytes}`);
      yield chunk;
    }
  };

/** Stands still from the byte at `bytes` on, until `resumed` aborts, or `ending` and with it the transfer. */
export const stallAt = (bytes: number, ending: AbortSignal, resumed: AbortSignal): Alteration =>
  async function* (source) {
    for await (const { at, chunk } of dividedAt(source, bytes)) {
      if (at >= bytes) {
        await aborted(AbortSignal.any([ending, resumed]));
        if (ending.aborted) throw new PosternError('cancelled', 'The stalled connection ended');
      }
      yield chunk;
    }
  };

/** @throws PosternError `capture-too-long` */
export const rewrite = (change: (content: Buffer) => Buffer): Alteration =>
  async function* (source) {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > REWRITE_BYTES) {
        throw testbedError('capture-too-long', `A download to rewrite is longer than ${REWRITE_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    yield change(Buffer.concat(chunks));
  };

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
