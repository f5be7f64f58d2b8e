import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import type { BulkService } from '@postern/software-update';
import { faultyBulkService } from '../../src/adapters/faults/faulty-bulk-service.ts';

test('slowReceive takes no more bytes a second than it says, and stops waiting when the credential ends', async () => {
  const clock = new VirtualClock();
  const revoked = new AbortController();
  const taken: number[] = [];
  const service: BulkService = {
    login: async () => ({
      list: async () => [],
      read: async () => undefined,
      size: async () => undefined,
      receive: async () => ({
        write: async (chunk) => {
          taken.push(chunk.length);
        },
        finish: async () => 'done',
        abort: async () => {},
      }),
      revoked: revoked.signal,
      ended: () => {},
    }),
  };
  const session = await faultyBulkService(service, clock, () => ({ slowReceive: 100 })).login(
    'u',
    'p',
    'peer',
  );
  const receiver = await session?.receive('image.firmware', 0);
  const write = receiver?.write(new Uint8Array(500));
  await clock.advance(Seconds(4.9));
  expect(taken).toEqual([]);
  await clock.advance(Seconds(0.1));
  await write;
  expect(taken).toEqual([500]);
  const late = receiver?.write(new Uint8Array(500));
  revoked.abort();
  await expect(late).rejects.toMatchObject({ code: 'cancelled' });
});
