import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Hours, Minutes, Seconds } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import type { BulkPath } from '@postern/software-update';
import { followMoves } from '../../src/domain/updates/follow-moves.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { startProcess } from '../support/process.ts';
import { ScriptedDevice, type Silence } from '../support/scripted-device.ts';

/** @spec U9 */
test('an update ends with its whole journal in the outbox, and is finished when the server has it', async () => {
  const device = new ScriptedDevice('mfp-1');
  const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(10));
  const result = site.result('job-1');
  expect(result).toMatchObject({ state: 'verified', assurance: 'full', credential: 'erased' });
  expect(result?.components.item).toEqual([{ component: 'firmware', version: '2.0' }]);
  const steps = result?.journal.step.map(({ step }) => step);
  expect(steps).toEqual(expect.arrayContaining(['S106', 'S112', 'S115', 'S119', 'S123', 'S124']));
  expect(site.scheduler.get('job-1')).toBeDefined();
  site.acknowledge('job-1');
  await site.pass(Seconds(1));
  expect(site.scheduler.get('job-1')).toBeUndefined();
  expect(site.updates.get('job-1')?.state.phase).toBe('finished');
});

const SILENCES: readonly Silence[] = ['prepare', 'share', 'report', 'store', 'restart', 'recheck', 'erase'];

/** @spec X6 */
test.each(SILENCES)('a process that died at "%s" is followed by one that goes on', async (silentAt) => {
  const directory = await temporaryDirectory();
  const device = new ScriptedDevice('mfp-1');
  device.silentAt = silentAt;
  const first = await startProcess({ directory, devices: { 'mfp-1': device } });
  first.order('job-1', 'mfp-1');
  await first.pass(Seconds(1));
  expect(first.result('job-1')).toBeUndefined();

  device.silentAt = undefined;
  const second = await startProcess({ directory, devices: { 'mfp-1': device } });
  second.recover();
  await second.pass(Minutes(6));
  expect(second.result('job-1')).toMatchObject({ state: 'verified', credential: 'erased' });
  expect(device.credential).toBeUndefined();
});

/** @spec X6 */
test('a process that died with the answer unacknowledged, or acknowledged, is followed by one that ends it', async () => {
  const directory = await temporaryDirectory();
  const devices = { 'mfp-1': new ScriptedDevice('mfp-1') };
  const first = await startProcess({ directory, devices });
  first.order('job-1', 'mfp-1');
  await first.pass(Seconds(10));

  const second = await startProcess({ directory, devices });
  second.recover();
  expect(second.outgoing.waiting).toBe(true);
  expect(second.outgoing.compose().responses?.response.map(({ requestId }) => requestId)).toEqual(['job-1']);
  // The acknowledgement is stored, but the update never hears of it.
  second.requests.acknowledge(['job-1']);

  const third = await startProcess({ directory, devices });
  third.recover();
  await third.pass(Seconds(1));
  expect(third.updates.get('job-1')?.state.phase).toBe('finished');
  expect(third.result('job-1')).toBeUndefined();
});

/** @spec U13 */
test('no password stays in the database files or the log once its updates have ended', async () => {
  const directory = await temporaryDirectory();
  const logger = memoryLogger();
  const names = Array.from({ length: 40 }, (_, index) => `mfp-${index}`);
  const devices = Object.fromEntries(names.map((name) => [name, new ScriptedDevice(name)]));
  const site = await startProcess({ directory, devices, logger });
  for (const device of Object.values(devices)) device.silentAt = 'recheck';
  for (const name of names) site.order(`job-${name}`, name);
  await site.pass(Seconds(5));
  const secrets = Object.values(devices).flatMap(({ credential }) => [
    credential?.oneTimePassword ?? '',
    credential?.reportKey ?? '',
  ]);
  expect(secrets.filter((secret) => secret.length > 40)).toHaveLength(32);
  const whileRunning = await everyFile(directory);
  expect(whileRunning.includes(secrets[0] ?? 'absent')).toBe(true);

  for (const device of Object.values(devices)) device.silentAt = undefined;
  const second = await startProcess({ directory, devices, logger });
  second.recover();
  await second.pass(Minutes(10));
  const all = Object.values(devices).flatMap(({ passwords }) => passwords);
  expect(all).toHaveLength(40);
  for (const name of names) expect(second.result(`job-${name}`)).toMatchObject({ state: 'verified' });
  const files = await everyFile(directory);
  const log = JSON.stringify(logger.lines);
  expect([...all, ...secrets].filter((secret) => secret !== '' && files.includes(secret))).toEqual([]);
  expect([...all, ...secrets].filter((secret) => secret !== '' && log.includes(secret))).toEqual([]);
});

const everyFile = async (directory: string): Promise<Buffer> =>
  Buffer.concat(await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name)))));

test('of one device, one update runs after the other; of several, as many as are allowed', async () => {
  const devices = {
    'mfp-1': new ScriptedDevice('mfp-1'),
    'mfp-2': new ScriptedDevice('mfp-2'),
    'mfp-3': new ScriptedDevice('mfp-3'),
  };
  for (const device of Object.values(devices)) device.silentAt = 'report';
  const site = await startProcess({ directory: await temporaryDirectory(), devices, concurrency: 2 });
  site.order('a1', 'mfp-1');
  site.order('a2', 'mfp-1');
  site.order('b1', 'mfp-2');
  site.order('c1', 'mfp-3');
  await site.pass(Seconds(1));
  const schedule = (): (string | undefined)[] =>
    ['a1', 'a2', 'b1', 'c1'].map((id) => site.scheduler.get(id)?.schedule);
  expect(schedule()).toEqual(['active', 'waiting', 'active', 'waiting']);
  site.scheduler.cancel('a1');
  await site.pass(Seconds(1));
  expect(schedule()).toEqual(['closing', 'active', 'active', 'waiting']);
});

test('an update that waits is cancelled, and ends at its deadline, without touching the device', async () => {
  const device = new ScriptedDevice('mfp-1');
  device.silentAt = 'prepare';
  const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
  site.order('running', 'mfp-1');
  site.order('cancelled', 'mfp-1');
  site.order('late', 'mfp-1', Minutes(1));
  site.scheduler.cancel('cancelled');
  await site.pass(Minutes(2));
  expect(site.result('cancelled')).toMatchObject({ state: 'cancelled', credential: 'none' });
  expect(site.result('late')).toMatchObject({ state: 'failed', failure: { code: 'deadline-exceeded' } });
  expect(device.events).toEqual([]);
});

/** @spec X6 */
test('a cancellation that was recorded holds after a restart', async () => {
  const directory = await temporaryDirectory();
  const device = new ScriptedDevice('mfp-1');
  device.silentAt = 'share';
  const first = await startProcess({ directory, devices: { 'mfp-1': device } });
  first.order('job-1', 'mfp-1');
  await first.pass(Seconds(1));
  first.updates.markCancelled('job-1');
  device.silentAt = undefined;
  const second = await startProcess({ directory, devices: { 'mfp-1': device } });
  second.recover();
  await second.pass(Seconds(1));
  expect(second.result('job-1')).toMatchObject({ state: 'cancelled' });
});

/** @spec U10 */
test('an erasure stays owed until the device is reachable again', async () => {
  const device = new ScriptedDevice('mfp-1');
  const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
  device.silentAt = 'report';
  site.order('job-1', 'mfp-1', Minutes(10));
  await site.pass(Seconds(1));
  device.unreachable = true;
  await site.pass(Minutes(11));
  expect(site.result('job-1')).toMatchObject({ state: 'failed', credential: 'owed' });
  site.acknowledge('job-1');
  await site.pass(Seconds(1));
  expect(site.updates.get('job-1')?.state.phase).toBe('owing');
  device.unreachable = false;
  await site.pass(Minutes(2));
  expect(site.updates.get('job-1')?.state.phase).toBe('finished');
  expect(device.credential).toBeUndefined();
});

/** @spec U13 */
test.each([true, false])(
  'a newer update makes the older one forget what it owes (acknowledged: %s)',
  async (acknowledged) => {
    const device = new ScriptedDevice('mfp-1');
    const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
    device.silentAt = 'report';
    site.order('old', 'mfp-1', Minutes(10));
    await site.pass(Seconds(1));
    device.unreachable = true;
    await site.pass(Minutes(11));
    if (acknowledged) site.acknowledge('old');
    await site.pass(Seconds(1));
    expect(site.updates.get('old')?.state.credential).toBeDefined();

    device.unreachable = false;
    device.silentAt = undefined;
    site.order('new', 'mfp-1');
    await site.pass(Minutes(1));
    expect(site.updates.get('old')?.state).toMatchObject({
      phase: acknowledged ? 'finished' : 'reporting',
      erased: true,
    });
    expect(site.updates.get('old')?.state.credential).toBeUndefined();
    expect(site.result('new')).toMatchObject({ state: 'verified' });
    expect(device.events.filter((event) => event === 'erase old')).toEqual([]);
    site.acknowledge('old');
    await site.pass(Hours(1));
    expect(site.updates.get('old')?.state.phase).toBe('finished');
  },
);

test('closing stops updates where they are, at once', async () => {
  const device = new ScriptedDevice('mfp-1');
  device.silentAt = 'store';
  const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(1));
  await site.scheduler.close();
  expect(site.updates.get('job-1')?.state.phase).toBe('transferring');
});

test('the bulk path follows a device that moved, but only the running update', async () => {
  const device = new ScriptedDevice('mfp-1');
  device.silentAt = 'restart';
  const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(1));
  site.scheduler.moved('mfp-1', { host: '192.0.2.7', port: 21 });
  site.scheduler.get('job-1')?.mailbox.deliverStart('firmware');
  await site.pass(Seconds(1));
  expect(device.events.filter((event) => event.startsWith('login'))).toEqual([
    'login at 127.0.0.1',
    'login at 127.0.0.1',
    'login at 192.0.2.7',
  ]);
  expect(site.result('job-1')).toMatchObject({ state: 'verified' });
});

test('an update that waits after a restart of the process follows a device that moves meanwhile', async () => {
  const directory = await temporaryDirectory();
  const devices = { 'mfp-1': new ScriptedDevice('mfp-1'), 'mfp-2': new ScriptedDevice('mfp-2') };
  const first = await startProcess({ directory, devices });
  devices['mfp-1'].silentAt = 'restart';
  devices['mfp-2'].silentAt = 'prepare';
  first.order('older', 'mfp-2');
  first.order('job-1', 'mfp-1');
  await first.pass(Seconds(1));

  // In the second process the older update has the only slot.
  const second = await startProcess({ directory, devices, concurrency: 1 });
  const moved = { host: '192.0.2.7', port: 21 };
  second.recover();
  expect(second.scheduler.get('job-1')?.schedule).toBe('waiting');
  second.scheduler.moved('mfp-1', moved);
  expect(second.updates.get('job-1')?.movedTo).toEqual(moved);
});

/** @spec U10 X6 */
test.each([
  ['has it all', 'verified'],
  ['lacks something', 'cancelled'],
])(
  'an update that waits amid its transfer is cancelled only once the device is seen: it %s',
  async (what, state) => {
    const directory = await temporaryDirectory();
    const devices = { 'mfp-1': new ScriptedDevice('mfp-1'), 'mfp-2': new ScriptedDevice('mfp-2') };
    const first = await startProcess({ directory, devices });
    devices['mfp-1'].silentAt = 'store';
    devices['mfp-2'].silentAt = 'prepare';
    first.order('older', 'mfp-2');
    first.order('job-1', 'mfp-1');
    await first.pass(Seconds(1));
    expect(first.updates.get('job-1')?.state.phase).toBe('transferring');

    const second = await startProcess({ directory, devices, concurrency: 1 });
    second.recover();
    second.scheduler.cancel('job-1');
    expect(second.scheduler.get('job-1')?.schedule).toBe('waiting');
    expect(second.result('job-1')).toBeUndefined();

    devices['mfp-1'].silentAt = undefined;
    if (what === 'has it all') devices['mfp-1'].versions = { firmware: '2.0' };
    devices['mfp-2'].silentAt = undefined;
    second.scheduler.cancel('older');
    await second.pass(Minutes(1));
    expect(second.result('job-1')).toMatchObject({ state });
  },
);

test('a bulk path that moves stays of its kind and keeps its key; a place that is told later comes first', async () => {
  const device = new ScriptedDevice('mfp-1');
  const endpoints: unknown[] = [];
  const bulkPath: BulkPath = {
    open: (endpoint, login, signal) => {
      endpoints.push(endpoint);
      return device.bulkPath.open(endpoint, login, signal);
    },
  };
  const update = { movedTo: { host: '192.0.2.7', port: 22 } };
  const at = { host: '127.0.0.1', port: 2_022, kind: 'sftp', hostKey: 'ab'.repeat(32) } as const;
  const login = { userName: 'site-a', oneTimePassword: 'p' };
  await followMoves(bulkPath, update)
    .open(at, login, new AbortController().signal)
    .catch(() => {});
  expect(endpoints).toEqual([{ ...at, host: '192.0.2.7', port: 22 }]);
});

/** @spec P1 */
test('a remark for operators stands in the journal, once', async () => {
  const device = new ScriptedDevice('mfp-1');
  device.silentAt = 'report';
  const site = await startProcess({ directory: await temporaryDirectory(), devices: { 'mfp-1': device } });
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(1));
  site.scheduler.remark('job-1', '2 passwords are left');
  site.scheduler.cancel('job-1');
  await site.pass(Seconds(5));
  const details = site.result('job-1')?.journal.step.map(({ detail }) => detail) ?? [];
  expect(details.filter((detail) => detail?.includes('2 passwords are left'))).toHaveLength(1);
});
