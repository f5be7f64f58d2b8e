import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { type DeviceOfSite, startTopology } from '@postern/testbed';
import { FACTORY, imageOf } from '../support/printer-site.ts';

/** One device for each way of sharing a password. Plans of other run kinds have the same form. */
const DEVICES: readonly DeviceOfSite[] = [
  { id: 'by-default', firmware: FACTORY },
  {
    id: 'device-generates',
    firmware: FACTORY,
    link: { passwordGenerator: 'target', eraser: 'target', invalidation: 'overwrite-random' },
  },
  { id: 'device-proves', firmware: FACTORY, secureLink: 'intermediary-authenticated' },
  { id: 'no-one-proves', firmware: FACTORY, secureLink: 'device-authenticated' },
  { id: 'over-sftp', firmware: FACTORY, bulkPathKind: 'sftp' },
  { id: 'no-clock', firmware: FACTORY, clock: 'none' },
  { id: 'listed', firmware: FACTORY, passwords: 4, plain: true },
];

/** @spec U15 P1 A2 A3 */
test('every scheme of a link runs on the virtual clock', async () => {
  await using topology = await startTopology({
    run: 'virtual',
    sites: [{ name: 'site-a', devices: DEVICES }],
  });
  const { operator, steps } = topology;
  const ids = DEVICES.map(({ id }) => id);
  await operator.devicesKnown(ids);
  const software = await operator.register({
    version: '2.0.0',
    releaseCounter: 2,
    content: imageOf('2.0.0', 10_000),
  });
  const orders = await Promise.all(ids.map((id) => operator.order(id, software, Seconds(1_000))));
  const ended = await Promise.all(orders.map(({ id }) => operator.finished(id)));
  expect(ended.map(({ deviceId, state }) => [deviceId, state])).toEqual(ids.map((id) => [id, 'verified']));
  // Which password it was is told by the steps: S201 on of Fig 21, and no sharing at all with a list.
  const stepsOf = (device: string) =>
    new Set(
      steps.events.flatMap((event) => ('device' in event && event.device === device ? [event.step] : [])),
    );
  expect(stepsOf('device-generates')).not.toContain('S102');
  expect(stepsOf('listed')).not.toContain('S104');
  expect(stepsOf('by-default')).toContain('S104');
});

/** @spec T3 */
test('a carrier takes its intermediary with it when it loses its power, on the virtual clock too', async () => {
  const car = { id: 'car-1', profile: 'automobile', firmware: FACTORY };
  await using topology = await startTopology({
    run: 'virtual',
    sites: [{ name: 'car-1-function', carrier: 'car-1', devices: [car] }],
  });
  const { operator, steps, faults } = topology;
  await operator.devicesKnown(['car-1']);
  const { model } = await operator.client.device('car-1');
  await faults.device('car-1').powerCut();
  const before = steps.count;
  await topology.time.advance(Seconds(300));
  expect(steps.count).toBe(before);
  await faults.device('car-1').powerOn();
  const release = { model, version: '2.0.0', releaseCounter: 2, content: imageOf('2.0.0', 10_000) };
  const { id } = await operator.order('car-1', await operator.register(release));
  expect(await operator.finished(id)).toMatchObject({ state: 'verified' });
});

test('a line is as the plan has it', async () => {
  await using topology = await startTopology({
    run: 'virtual',
    sites: [{ name: 'site-a', line: { delay: Seconds(3) } }],
  });
  const { at } = await topology.steps.reached({ step: 'S601', after: 1 });
  expect(at).toBeGreaterThanOrEqual(6_000);
});

test('patience is what a step and the operator may take', async () => {
  await using topology = await startTopology({ run: 'virtual', sites: [], patience: Seconds(2) });
  const before = topology.steps.count;
  await expect(topology.steps.reached({ step: 'S111' })).rejects.toMatchObject({ code: 'expectation-unmet' });
  const never = topology.operator.until('pigs fly', () => false);
  await expect(never).rejects.toMatchObject({ cause: { message: expect.stringContaining('2000 ms') } });
  expect(topology.steps.count).toBe(before);
});
