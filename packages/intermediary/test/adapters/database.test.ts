import { expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { failed, initialState } from '@postern/software-update';
import { temporaryDirectory } from '../support/directory.ts';
import { job, startProcess } from '../support/process.ts';
import { deviceInformation, START } from '../support/software.ts';

/** @spec R1 */
test('a request is stored once, and answered once', async () => {
  const { requests } = await startProcess({ directory: await temporaryDirectory() });
  const facts = { requestId: 'r1', target: 'mfp-1', kind: 'ConfirmAlive', expiresAt: Instant(1) } as const;
  expect([requests.add(facts), requests.add(facts)]).toEqual([true, false]);
  expect(requests.open()).toEqual([facts]);
  const value = { code: 'device-unknown', message: 'none' };
  requests.answer('r1', Instant(2), { kind: 'Failure', value });
  requests.answer('r1', Instant(3), { kind: 'Failure', value: { ...value, code: 'cancelled' } });
  expect(requests.response('r1')).toEqual({ requestId: 'r1', at: 2, body: { kind: 'Failure', value } });
  expect([requests.countOpen(), requests.waiting()]).toEqual([0, ['r1']]);
  requests.acknowledge(['r1', 'r1', 'unknown']);
  expect(requests.waiting()).toEqual([]);
  expect(requests.add(facts)).toBe(false);
});

/** @spec X6 */
test('an update is read back as it was written', async () => {
  const directory = await temporaryDirectory();
  const first = await startProcess({ directory });
  const stored = {
    job: job('job-1', 'mfp-1', first.clock),
    state: initialState,
    cancelled: false,
    movedTo: undefined,
  };
  first.updates.add(stored, [], START);
  first.updates.setMovedTo('job-1', { host: '192.0.2.1', port: 21 });
  first.updates.markCancelled('job-1');
  const second = await startProcess({ directory });
  const [read] = second.updates.unfinished();
  expect(read).toMatchObject({
    cancelled: true,
    movedTo: { host: '192.0.2.1', port: 21 },
    state: initialState,
  });
  expect({ ...read?.job, signedManifest: undefined }).toEqual({ ...stored.job, signedManifest: undefined });
  expect(Buffer.from(read?.job.signedManifest ?? []).equals(Buffer.from(stored.job.signedManifest))).toBe(
    true,
  );
  expect(second.updates.countUndecided('mfp-1')).toBe(1);
  second.updates.commit(stored.job, { ...initialState, phase: 'finished' }, [], START);
  expect([second.updates.unfinished(), second.updates.countUndecided('mfp-1')]).toEqual([[], 0]);
});

test('an endless row of retries does not outgrow what a contract carries', async () => {
  const { updates, clock } = await startProcess({ directory: await temporaryDirectory() });
  const stored = {
    job: job('job-1', 'mfp-1', clock),
    state: initialState,
    cancelled: false,
    movedTo: undefined,
  };
  updates.add(stored, [], START);
  const lines = Array.from({ length: 60 }, () => failed('S104', 'unreachable'));
  for (let round = 0; round < 20; round++) updates.commit(stored.job, initialState, lines, START);
  const sequences = updates.journal('job-1').map(({ sequence }) => sequence);
  expect(sequences).toHaveLength(500);
  expect([sequences[0], sequences[99], sequences[100], sequences.at(-1)]).toEqual([1, 100, 801, 1_200]);
});

test('devices are listed by their last change', async () => {
  const { registered } = await startProcess({ directory: await temporaryDirectory() });
  expect(registered.revision()).toBe(0);
  registered.register(deviceInformation('a'), '192.0.2.1', START);
  registered.register(deviceInformation('b'), '192.0.2.2', START);
  registered.register(deviceInformation('a', { model: 'MFP 10' }), '192.0.2.3', START);
  expect(registered.revision()).toBe(3);
  const ids = (since: number, limit: number): string[] =>
    registered.changedSince(since, limit).map(({ information }) => information.deviceId);
  expect([ids(0, 10), ids(2, 10), ids(0, 1), ids(3, 10)]).toEqual([['b', 'a'], ['a'], ['b'], []]);
  expect(registered.get('a')).toMatchObject({
    address: '192.0.2.3',
    revision: 3,
    information: { model: 'MFP 10' },
  });
});
