import { describe, expect, test } from '@jest/globals';
import { Minutes, Seconds, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { manufacture, startSite } from './support/site.ts';
import { release } from './support/software.ts';
import { secureClient, update } from './support/updater.ts';

const linesOf = ({ signals }: { readonly signals: readonly { pwrctl: string; engrdy: string }[] }) =>
  signals.map(({ pwrctl, engrdy }) => `${pwrctl} ${engrdy}`);

const STARTED = ['on high', 'on low'];

/** @spec D2 */
describe('a device that saves energy', () => {
  test('after the idle time of its parameter, answers the network all the same, and a job wakes it', async () => {
    const site = await startSite();
    const clock = new VirtualClock(systemClock.now());
    const target = await manufacture(site, { clock, settings: { engineStartUp: Seconds(20) } });
    const { device } = target;
    await device.powerOn();
    await clock.advance(Seconds(20));
    expect(linesOf(device)).toEqual(STARTED);
    await clock.advance(Minutes(15));
    expect(linesOf(device)).toEqual([...STARTED, 'off high']);
    const client = secureClient(site.intermediaryNode, target);
    expect((await client.call('ConfirmAlive', {})).state).toBe('energy-saving');
    expect((await client.call('GetCounters', {})).counters.item).not.toEqual([]);
    expect(linesOf(device)).toHaveLength(3);

    const job = device.pressStart({ units: 2 });
    expect((await client.call('ConfirmAlive', {})).state).toBe('busy');
    await clock.advance(Seconds(20));
    expect(linesOf(device).slice(3)).toEqual(STARTED);
    await clock.advance(Seconds(4));
    expect(await job.ended).toBe('finished');
    expect(device.panel).toEqual(['Job 1 (copy) taken', 'Job 1 (copy) finished']);
  });

  /** @spec U5 */
  test('is woken by an update, which is received while it sleeps', async () => {
    const site = await startSite();
    const target = await manufacture(site);
    const { device } = target;
    await device.powerOn();
    expect(device.pressEnergySaver()).toBe('saving');
    const stages: string[][] = [];
    const { state } = await update(site, target, release('2.0'), {
      onStep: (step) => {
        if (step.startsWith('S111')) stages.push(linesOf(device));
      },
    });
    expect(state.outcome).toEqual({ state: 'verified' });
    expect(stages[0]).toEqual([...STARTED, 'off high']);
    // Woken for the installation, off with the restart, and started anew with the new software.
    expect(linesOf(device)).toEqual([...STARTED, 'off high', ...STARTED, 'off high', ...STARTED]);
  });

  test('goes there and back by the key, not while it works', async () => {
    const { device } = await manufacture(await startSite());
    expect(() => device.pressEnergySaver()).toThrow(
      expect.objectContaining({ code: 'firmware-not-running' }),
    );
    await device.powerOn();
    const job = device.startJob({ kind: 'print', duration: Minutes(1) });
    expect(device.pressEnergySaver()).toBe('needed');
    expect(device.cancelJob(job.id)).toBe(true);
    expect(device.pressEnergySaver()).toBe('saving');
    expect(device.pressEnergySaver()).toBe('waking');
    expect(device.view.engine).toEqual({ state: 'ready', busy: false, jammed: false });
    expect(device.panel).toEqual(['No energy saving now: the engine is needed', 'Energy saving', 'Waking …']);
  });
});

/** @spec D1 D3 */
test('pages are counted in NV-RAM as they are made, also those of a job that the power cut ended', async () => {
  const clock = new VirtualClock(systemClock.now());
  const { device } = await manufacture(await startSite(), { clock });
  await device.powerOn();
  const job = device.startJob({ kind: 'copy', units: 5 });
  await clock.advance(Seconds(5));
  while (device.view.counters['copied-pages'] !== 2) await new Promise((resolve) => setImmediate(resolve));
  await device.powerOff();
  expect(await job.ended).toBe('lost');
  expect(device.view.counters).toEqual({});
  await device.powerOn();
  expect(device.view.counters).toMatchObject({ 'copied-pages': 2, 'printed-pages': 0 });
  expect(device.view.supplies).toMatchObject({ toner: 99.96, paper: 99.6 });
  expect(device.view.jobs).toEqual([]);
});

/** @spec D3 */
test('a job that no engine could do is refused', async () => {
  const { device } = await manufacture(await startSite());
  await device.powerOn();
  for (const units of [0, -1, 1.5, 10_001, Number.NaN]) {
    expect(() => device.startJob({ kind: 'copy', units })).toThrow(
      expect.objectContaining({ code: 'job-too-long' }),
    );
  }
  expect(() => device.startJob({ kind: 'toast' })).toThrow(
    expect.objectContaining({ code: 'job-kind-unknown' }),
  );
  expect(device.view.jobs).toEqual([]);
});
