import { type Clock, Milliseconds, sleep } from '@postern/core';
import type { BulkReceiver, BulkService, BulkServiceSession } from '@postern/software-update';
import type { CurrentFaults } from '../../domain/faults.ts';

/**
 * The bulk path with the faults `refuseLogins`, `slowReceive` and `crashDuringTransfer`.
 *
 * @param crash takes the power away; whether it strikes is the device's to say: it does so once
 */
export const faultyBulkService = (
  service: BulkService,
  clock: Clock,
  faults: CurrentFaults,
  crash: () => void = () => {},
): BulkService => ({
  login: async (userName, password, peer) => {
    if (faults().refuseLogins === true) return undefined;
    const session = await service.login(userName, password, peer);
    return session === undefined ? undefined : faultySession(session, clock, faults, crash);
  },
});

const faultySession = (
  session: BulkServiceSession,
  clock: Clock,
  faults: CurrentFaults,
  crash: () => void,
): BulkServiceSession => ({
  revoked: session.revoked,
  ended: () => session.ended(),
  list: () => session.list(),
  read: (name) => session.read(name),
  size: (name) => session.size(name),
  receive: async (name, offset) =>
    crashingReceiver(
      slowReceiver(await session.receive(name, offset), clock, session.revoked, faults),
      faults,
      crash,
    ),
});

const crashingReceiver = (receiver: BulkReceiver, faults: CurrentFaults, crash: () => void): BulkReceiver => {
  let received = 0;
  return {
    write: async (chunk) => {
      await receiver.write(chunk);
      const limit = faults().crashDuringTransfer;
      const before = received;
      received += chunk.length;
      if (limit !== undefined && before < limit && received >= limit) crash();
    },
    finish: () => receiver.finish(),
    abort: () => receiver.abort(),
  };
};

const slowReceiver = (
  receiver: BulkReceiver,
  clock: Clock,
  revoked: AbortSignal,
  faults: CurrentFaults,
): BulkReceiver => ({
  write: async (chunk) => {
    const bytesPerSecond = faults().slowReceive;
    if (bytesPerSecond !== undefined) {
      await sleep(clock, Milliseconds((chunk.length * 1_000) / bytesPerSecond), revoked);
    }
    await receiver.write(chunk);
  },
  finish: () => receiver.finish(),
  abort: () => receiver.abort(),
});
