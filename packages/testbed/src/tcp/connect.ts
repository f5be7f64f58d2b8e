import { connect, type Socket } from 'node:net';
import { type Clock, Seconds, withDeadline } from '@postern/core';
import type { Endpoint } from './listener.ts';

/** How long a connection on loopback or a site's LAN may take to come up. */
const CONNECT_TIME = Seconds(10);

/**
 * Connects to `target`, half-open as {@link listenTcp} does.
 *
 * @throws Node's error, or PosternError `deadline-exceeded` or `cancelled`
 */
export const connectTcp = (clock: Clock, target: Endpoint, signal: AbortSignal): Promise<Socket> =>
  withDeadline(
    clock,
    CONNECT_TIME,
    `Connecting to ${target.host}:${target.port}`,
    signal,
    (ending) =>
      new Promise((resolve, reject) => {
        const socket = connect({ ...target, allowHalfOpen: true, noDelay: true });
        const onEnding = (): void => {
          socket.destroy();
        };
        ending.addEventListener('abort', onEnding, { once: true });
        socket.on('error', reject);
        socket.once('connect', () => {
          ending.removeEventListener('abort', onEnding);
          resolve(socket);
        });
      }),
  );
