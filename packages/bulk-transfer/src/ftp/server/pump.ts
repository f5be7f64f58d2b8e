import type { Socket } from 'node:net';
import { finished } from 'node:stream';

/**
 * Hands on what a socket reads, one chunk at a time: `take` is called again only after its promise has resolved. The
 * chunks are those of the socket, not copies. A taker that is quick never makes the socket stop reading; behind a slow
 * one the socket is paused with one chunk waiting here and its own buffer full.
 *
 * `'data'` and not the socket's iterator, which costs several promises a chunk and joins chunks by copying.
 *
 * Resolves when the peer has ended the stream and everything is taken. Rejects with what `take` rejected with, with
 * the reason of `signal` at once (a call of `take` may then still be running, but no other follows), or, after what
 * had arrived is taken, with the error that broke the socket. Leaves the socket open and, unless it has ended, paused.
 */
export const pump = (
  socket: Socket,
  take: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    let taking = false;
    let waiting: Uint8Array | undefined;
    let settled = false;
    let settle: (() => void) | undefined;

    const stop = (outcome: () => void): void => {
      settled = true;
      socket.off('data', onData).pause();
      unwatch();
      signal.removeEventListener('abort', onAbort);
      outcome();
    };
    const onAbort = (): void => stop(() => reject(signal.reason));
    const onRefused = (error: unknown): void => {
      if (!settled) stop(() => reject(error));
    };
    const handOn = (chunk: Uint8Array): void => {
      taking = true;
      take(chunk).then(onTaken, onRefused);
    };
    const onTaken = (): void => {
      taking = false;
      if (settled) return;
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) handOn(next);
      else if (settle !== undefined) stop(settle);
      else socket.resume();
    };
    const onData = (chunk: Uint8Array): void => {
      if (!taking) {
        handOn(chunk);
        return;
      }
      waiting = chunk;
      socket.pause();
    };
    // Also calls back for a socket that had ended or broken before.
    const unwatch = finished(socket, { writable: false }, (error) => {
      settle = error ? () => reject(error) : resolve;
      if (!taking) stop(settle);
    });

    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData);
  });
