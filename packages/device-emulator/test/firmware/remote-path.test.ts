import { describe, expect, test } from '@jest/globals';
import { systemClock } from '@postern/core';
import { verifyPlacement } from '@postern/pki';
import { placementAt } from '../../src/domain/placement.ts';
import { signedPlacement } from '../../src/firmware/placement.ts';
import { testMemory } from '../support/remote.ts';
import { manufacture, startSite, UPDATER } from '../support/site.ts';
import { secureClient } from '../support/updater.ts';

/** @spec I2 R1 */
test('a device restarts by command for real, and knows afterwards that it has', async () => {
  const site = await startSite();
  const target = await manufacture(site);
  await target.device.powerOn();
  const client = secureClient(site.intermediaryNode, target);
  const set = { item: [{ name: 'location', value: 'Hall' }] };
  await client.call('SetParameters', { parameters: set, requestId: 'r-0' });
  const before = await client.call('ConfirmAlive', {});
  const order = { command: 'restart', requestId: 'r-1' } as const;
  const started = target.next('started');
  expect(await client.call('ExecuteCommand', order)).toEqual({ output: 'The device restarts' });
  await started;

  const again = secureClient(site.intermediaryNode, target);
  expect((await again.call('ConfirmAlive', {})).startedAt).toBeGreaterThan(before.startedAt);
  expect(await again.call('ExecuteCommand', order)).toEqual({ output: 'The device restarts' });
  await expect(again.call('ExecuteCommand', { ...order, command: 'identify' })).rejects.toMatchObject({
    code: 'request-id-reused',
    kind: 'client',
  });
  const { parameters } = await again.call('GetParameters', {});
  expect(parameters.item).toContainEqual({ name: 'location', value: 'Hall' });
  expect(parameters.item).toContainEqual({ name: 'paper-size', value: 'A4' });
  const { entries } = await again.call('CollectLogs', { minimumLevel: 'info' });
  const messages = entries.item.map(({ message }) => message);
  expect(messages).toContain('Parameters were set (name: location)');
  expect(messages).toContain('The device restarts (reason: command)');
  expect(target.events.filter(({ type }) => type === 'restarting')).toHaveLength(1);
});

/** @spec T2 */
describe('where a device is', () => {
  test('it says itself, signed, with every registration', async () => {
    const site = await startSite();
    const target = await manufacture(site);
    const announced = target.next('announced');
    await target.device.powerOn();
    await announced;
    const [registration] = site.intermediary.registrations;
    const placement = registration?.notice.placement ?? new Uint8Array();
    const trust = { caPem: site.authority.certificatePem };
    const first = verifyPlacement(placement, trust, systemClock.now());
    expect(first).toMatchObject({ deviceId: 'mfp-1', intermediary: UPDATER });

    // The same device, given to another intermediary.

    const node = await site.enrol('device', 'mfp-1');
    const memory = testMemory({ counters: {}, parameters: {}, ports: {}, placement: first });
    const context = { nvRam: memory, clock: systemClock };
    const second = verifyPlacement(await signedPlacement('site-b', node, context), trust, systemClock.now());
    expect(second).toMatchObject({ deviceId: 'mfp-1', intermediary: 'site-b' });
    expect(second.sequence).toBeGreaterThan(first.sequence);
    await signedPlacement('site-b', node, context);
    expect(memory.writes).toBe(1);
  });

  test('has a sequence that rises with every move, even when the clock does not, and after a factory reset', () => {
    const now = 1_000_000 as never;
    const first = placementAt({}, 'site-a', now);
    expect(placementAt({ placement: first }, 'site-a', 9e9 as never)).toBe(first);
    const second = placementAt({ placement: first }, 'site-b', now);
    const third = placementAt({ placement: second }, 'site-a', 0 as never);
    expect([first, second, third].map(({ sequence }) => sequence)).toEqual([1_000, 1_001, 1_002]);
    expect(placementAt({}, 'site-b', 2_000_000 as never).sequence).toBeGreaterThan(third.sequence);
    expect(placementAt({}, 'site-b', 0 as never).sequence).toBe(1);
  });
});
