import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { UpdateGate } from '../../../src/domain/updates/update-gate.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';
import { ScriptedDevice } from '../../support/scripted-device.ts';

const prepared = async (gate: UpdateGate, directory?: string) => {
  const devices = {
    'mfp-1': new ScriptedDevice('mfp-1'),
    'mfp-2': new ScriptedDevice('mfp-2'),
    'site-a': new ScriptedDevice('site-a'),
  };
  const site = await startProcess({ directory: directory ?? (await temporaryDirectory()), devices, gate });
  return { site, devices, state: (jobId: string) => site.result(jobId)?.state };
};

/** @spec U21 */
test('an update that is held back begins when it is let go, and holds up no other', async () => {
  const gate = new UpdateGate(['site-a']);
  const { site, state } = await prepared(gate);
  site.order('own', 'site-a');
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(10));
  expect([state('own'), state('job-1')]).toEqual([undefined, 'verified']);
  gate.letGo('site-a');
  await site.pass(Seconds(10));
  expect(state('own')).toBe('verified');
});

/** @spec U21 X6 */
test('an update that an earlier process began does not go on before it is let go', async () => {
  const directory = await temporaryDirectory();
  const first = await prepared(new UpdateGate(), directory);
  first.devices['site-a'].silentAt = 'restart';
  first.site.order('own', 'site-a');
  await first.site.pass(Seconds(10));

  const gate = new UpdateGate(['site-a']);
  const second = await prepared(gate, directory);
  second.site.recover();
  await second.site.pass(Seconds(3_000));
  expect(second.state('own')).toBeUndefined();
});

/** @spec U21 U5 */
test('a hold waits for what is active, lets nothing begin but what is exempt, and ends', async () => {
  const gate = new UpdateGate();
  const { site, devices, state } = await prepared(gate);
  devices['mfp-1'].silentAt = 'report';
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(1));
  const hold = gate.hold('site-a');
  let idle = false;
  void hold.idle.then(() => {
    idle = true;
  });
  site.order('job-2', 'mfp-2');
  site.order('own', 'site-a');
  await site.pass(Seconds(10));
  expect([idle, state('job-2'), state('own')]).toEqual([false, undefined, 'verified']);
  site.scheduler.cancel('job-1');
  await site.pass(Seconds(10));
  expect([idle, state('job-1'), state('job-2')]).toEqual([true, 'cancelled', undefined]);
  hold.release();
  await site.pass(Seconds(10));
  expect(state('job-2')).toBe('verified');
});
