import type { Socket } from 'node:net';
import type { Clock } from '@postern/core';
import { FAREWELL_TIME } from './server-limits.ts';

/**
 * Closes a connection behind what was said last. A client that does not read must not keep it: what has not left after
 * a while is lost.
 */
export const hangUp = (socket: Socket, clock: Clock): void => {
  if (!socket.destroyed) {
    const timer = clock.schedule(FAREWELL_TIME, () => socket.destroy(), { background: true });
    socket.once('close', () => timer.cancel());
  }
  socket.destroySoon();
};
