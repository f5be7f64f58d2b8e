import { expect, test } from '@jest/globals';
import { Minutes, PosternError, Seconds, silentLogger } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { AliveChecks } from '../../../src/domain/connections/alive-checks.ts';
import { Contacts } from '../../../src/domain/connections/contacts.ts';
import { connectionsAnswer, listConnections } from '../../../src/domain/connections/list-connections.ts';
import { observed } from '../../../src/domain/connections/observed.ts';
import type { DeviceCall } from '../../../src/domain/requests/ask-device.ts';
import { afterThisTest, temporaryDirectory } from '../../support/directory.ts';
import { job, startProcess } from '../../support/process.ts';
import { ScriptedDevice } from '../../support/scripted-device.ts';
import { siteConnections } from '../../support/site-connections.ts';
import { deviceInformation, START } from '../../support/software.ts';

const never = new AbortController().signal;

const failing = (code: string) => async (): Promise<never> => {
  throw new PosternError(code, 'No');
};

/** @spec I3 */
test.each([
  ['unreachable', true],
  ['connection-lost', true],
  ['tls-refused', true],
  ['deadline-exceeded', true],
  ['device-busy', false],
  ['operation-unknown', false],
])('a device whose exchange ended with %s is silent: %s', async (code, silent) => {
  const contacts = new Contacts(new VirtualClock(START));
  await expect(contacts.during('mfp-1', never, failing(code))).rejects.toMatchObject({ code });
  expect(contacts.of('mfp-1')).toEqual({ succeededAt: silent ? undefined : START, silent });
  await contacts.during('mfp-1', never, async () => 'fine');
  expect(contacts.isSilent('mfp-1')).toBe(false);
});

test('what says nothing about a device changes nothing; a deadline that ended its exchange does', async () => {
  const contacts = new Contacts(new VirtualClock(START));
  for (const code of ['cancelled', 'device-unknown', 'device-not-active', 'internal-error']) {
    await contacts.during('mfp-1', never, failing(code)).catch(() => {});
  }
  expect(contacts.of('mfp-1')).toBeUndefined();
  const late = AbortSignal.abort(new PosternError('deadline-exceeded', 'Too late'));
  await contacts.during('mfp-1', late, failing('cancelled')).catch(() => {});
  expect(contacts.isSilent('mfp-1')).toBe(true);
  const ended = AbortSignal.abort();
  await contacts.during('mfp-2', ended, failing('connection-lost')).catch(() => {});
  expect(contacts.of('mfp-2')).toBeUndefined();
});

test('of more devices than are remembered those give way that were heard of longest ago', () => {
  const contacts = new Contacts(new VirtualClock(START));
  for (let number = 0; number <= 10_000; number++) contacts.succeeded(`mfp-${number}`);
  expect(contacts.of('mfp-0')).toBeUndefined();
  expect(contacts.of('mfp-10000')).toBeDefined();
});

/** @spec I3 */
test('connections are listed with their state: how exchanges went, who was found, who was released', async () => {
  const device = new ScriptedDevice('mfp-1');
  const site = await startProcess({ directory: await temporaryDirectory() });
  const { contacts, candidates, adoption, below, placements } = siteConnections(site, { mode: 'confirm' });
  for (const name of ['mfp-3', 'mfp-1', 'mfp-2']) {
    site.registered.register(deviceInformation(name), '192.0.2.1', START);
  }
  adoption.registered(deviceInformation('mfp-0'), '192.0.2.7');
  adoption.release('mfp-3')();
  const call: DeviceCall = failing('unreachable');
  const ways = observed({ callDevice: call, securePath: device.securePath }, contacts);
  await ways.callDevice('mfp-2', { kind: 'ConfirmAlive', value: {} }, never).catch(() => {});
  await site.pass(Minutes(1));
  const heardAt = site.clock.now();
  await ways.securePath.erase(job('job-1', 'mfp-1', site.clock), undefined, never);
  // One is below, one has moved there.
  const there = { route: ['site-b', 'site-c'], active: true, lastContact: START } as const;
  below.save({ ...there, information: deviceInformation('mfp-8'), gone: false });
  below.save({ ...there, information: deviceInformation('mfp-9'), gone: true });
  site.registered.register(deviceInformation('mfp-8'), '192.0.2.1', START);
  placements.setAway('mfp-8', true);
  const sources = { devices: site.registered, candidates, contacts, below, placements };
  expect(listConnections(sources)).toEqual([
    { deviceId: 'mfp-1', state: 'active', address: '192.0.2.1', lastContact: heardAt },
    { deviceId: 'mfp-2', state: 'silent', address: '192.0.2.1', lastContact: START },
    { deviceId: 'mfp-3', state: 'released', address: '192.0.2.1', lastContact: START },
    { deviceId: 'mfp-0', state: 'found', address: '192.0.2.7', lastContact: START },
    { deviceId: 'mfp-8', state: 'active', lastContact: START, below: 'site-b' },
  ]);
  device.unreachable = true;
  await ways.securePath.share(job('job-1', 'mfp-1', site.clock), undefined, never).catch(() => {});
  expect(connectionsAnswer(sources).connection?.[0]).toMatchObject({ state: 'silent', lastContact: heardAt });
});

/** @spec I2 I3 */
test('devices are asked whether they are alive one after the other, and only who was not heard of', async () => {
  const site = await startProcess({ directory: await temporaryDirectory() });
  const { contacts, adoption, placements } = siteConnections(site);
  for (const name of ['mfp-1', 'mfp-2', 'mfp-3', 'mfp-4']) {
    site.registered.register(deviceInformation(name), '192.0.2.1', START);
  }
  const { securePath: _, ...withoutTls } = deviceInformation('listed');
  site.registered.register(withoutTls, '192.0.2.1', START);
  adoption.release('mfp-4')();
  const asked: [string, number][] = [];
  const call: DeviceCall = async (deviceId, _request, signal) => {
    asked.push([deviceId, (site.clock.now() - START) / 1_000]);
    if (deviceId !== 'mfp-3')
      return { kind: 'ConfirmAliveResponse', value: { startedAt: START, state: 'ready' } };
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  const { callDevice } = observed(
    { callDevice: call, securePath: new ScriptedDevice('x').securePath },
    contacts,
  );
  const checks = new AliveChecks({
    devices: site.registered,
    contacts,
    placements,
    call: callDevice,
    every: Seconds(60),
    exchangeTimeout: Seconds(30),
    clock: site.clock,
    logger: silentLogger,
  });
  afterThisTest(() => checks.close());
  checks.start();
  await site.pass(Seconds(40));
  contacts.succeeded('mfp-1');
  await site.pass(Seconds(90));
  expect(asked.map(([name]) => name)).toEqual(['mfp-1', 'mfp-2', 'mfp-3', 'mfp-3']);
  expect(asked.slice(0, 3).map(([, at]) => at)).toEqual([20, 40, 60]);
  expect(contacts.isSilent('mfp-3')).toBe(true);
});
