import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { errorCode, Milliseconds, Seconds } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import type { BulkReceiver } from '@postern/software-update';
import {
  BundleDrop,
  type BundleDropOptions,
  IMPORT_TIME,
} from '../../../src/adapters/software-drop/bundle-drop.ts';
import { IncomingFolder } from '../../../src/adapters/software-drop/incoming.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { START } from '../../support/software.ts';

const guest = { userName: 'peer-1', key: 'ab'.repeat(32), owner: 'peer', peer: '192.0.2.1' };

let clock: VirtualClock;
let directory: string;
let drop: BundleDrop;
/** Resolves with the signal of the import that has begun. */
let importing: Promise<AbortSignal>;

beforeEach(async () => {
  clock = new VirtualClock(START);
  directory = join(await temporaryDirectory(), 'incoming');
  let begun: (signal: AbortSignal) => void = () => {};
  importing = new Promise((resolve) => {
    begun = resolve;
  });
  /** Never ends by itself. */
  const operations: BundleDropOptions['operations'] = {
    import: (_parts, _source, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        begun(signal);
      }),
  };
  const incoming = await IncomingFolder.open(directory, 1_000);
  const longestUpload = Seconds(60);
  drop = new BundleDrop({ incoming, operations, longestUpload, clock, logger: memoryLogger() });
});

const begin = (): Promise<BulkReceiver> => drop.session(guest).receive('release.tar', 0);

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** @spec I5 */
test('an upload has its time', async () => {
  const receiver = await begin();
  await clock.advance(Seconds(59));
  await receiver.write(Buffer.from('a'));
  await clock.advance(Seconds(2));
  expect(await codeOf(receiver.write(Buffer.from('b')))).toBe('drop-too-slow');
  await receiver.abort();
  expect(await readdir(directory)).toEqual([]);
});

/** @spec I5 */
test('an import has its time', async () => {
  const receiver = await begin();
  await receiver.write(Buffer.from('a'));
  const code = codeOf(receiver.finish());
  const signal = await importing;
  expect(await readdir(directory)).toHaveLength(1);
  await clock.advance(Milliseconds(IMPORT_TIME + 1));
  expect(await code).toBe('deadline-exceeded');
  expect(signal.aborted).toBe(true);
  expect(await readdir(directory)).toEqual([]);
});

/** @spec I5 X6 */
test('the end of the process breaks an import off and waits for it', async () => {
  const receiver = await begin();
  const session = drop.session(guest);
  const code = codeOf(receiver.finish());
  await importing;
  await drop.close();
  expect(await readdir(directory)).toEqual([]);
  expect(await code).toBe('cancelled');
  expect(session.revoked.aborted).toBe(true);
  const late = await session.receive('late.tar', 0);
  expect(await codeOf(late.finish())).toBe('cancelled');
});
