import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Hours } from '@postern/core';
import { corruptSlot } from '@postern/device-emulator';
import { manufacture, type Site, startSite, type TestDevice } from './support/site.ts';
import { release } from './support/software.ts';
import { secureClient, update } from './support/updater.ts';

const MIB = 1_048_576;

const prepared = async (): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site);
  await target.device.powerOn();
  return { site, target };
};

describe('an update goes on', () => {
  /** @spec X5 X6 */
  test('after the power went in the middle of the transfer, from what had arrived', async () => {
    const { site, target } = await prepared();
    const image = join(target.settings.directory, 'slots', 'B', 'firmware.img');
    let cut: Promise<void> | undefined;
    const software = release('2.0', { length: 8 * MIB });

    const outcome = await update(site, target, software, {
      onSent: async (bytes) => {
        if (bytes < 3 * MIB || cut !== undefined) return;
        while ((await stat(image)).size < MIB) await new Promise((resolve) => setImmediate(resolve));
        cut = target.device.powerOff().then(() => target.device.powerOn());
        await cut;
      },
    });

    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.offsets).toHaveLength(2);
    expect(outcome.offsets[1]).toBeGreaterThanOrEqual(MIB);
    expect(outcome.secureRequests).toEqual(['share', 'erase']);
  });

  /** @spec X6 U5 */
  test('after the power went while the staged update waited for a job', async () => {
    const { site, target } = await prepared();
    const job = target.device.startJob({ kind: 'print', duration: Hours(1) });
    let cut: Promise<void> | undefined;

    const outcome = await update(site, target, release('2.0'), {
      onStep: (step) => {
        if (step === 'S113 started') cut ??= target.device.powerOff().then(() => target.device.powerOn());
      },
    });
    await cut;

    expect(await job.ended).toBe('lost');
    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.offsets).toEqual([0]);
  });

  /** @spec U5 */
  test('only when running and reserved jobs have ended', async () => {
    const { site, target } = await prepared();
    const running = target.device.startJob({ kind: 'copy', duration: Hours(1) });
    const reserved = target.device.startJob({ kind: 'fax', duration: Hours(1) });
    const seen: unknown[] = [];
    let waited: Promise<void> | undefined;
    const watch = async (): Promise<void> => {
      const client = secureClient(site.intermediaryNode, target);
      seen.push((await client.call('ConfirmAlive', {})).state);
      running.end();
      seen.push(
        (await client.call('ConfirmAlive', {})).state,
        target.events.map(({ type }) => type),
      );
      reserved.end();
    };

    const outcome = await update(site, target, release('2.0'), {
      onStep: (step) => {
        if (step === 'S113 started') waited ??= watch();
      },
    });
    await waited;

    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(seen).toEqual(['updating', 'updating', expect.not.arrayContaining(['restarting'])]);
    const { counters } = await secureClient(site.intermediaryNode, target).call('GetCounters', {
      names: { name: ['copied-pages', 'faxed-pages', 'printed-pages'] },
    });
    expect(counters.item).toEqual([
      { name: 'copied-pages', value: 1 },
      { name: 'printed-pages', value: 0 },
      { name: 'faxed-pages', value: 1 },
    ]);
  });
});

/** @spec X1 */
test('an image that was changed on the bulk path is never installed', async () => {
  const { site, target } = await prepared();
  const software = release('2.0', { length: 100_000 });
  const image = Buffer.from(software.image);
  image.writeUInt8(image.readUInt8(50_000) ^ 1, 50_000);

  const outcome = await update(
    site,
    target,
    { ...software, images: new Map([[software.component.sha256, image]]) },
    { policy: { transferTries: 2 } },
  );

  expect(outcome.state.outcome).toMatchObject({ state: 'failed', failure: { code: 'digest-mismatch' } });
  expect(outcome.offsets).toEqual([0, 0]);
  expect(outcome.secureRequests).toEqual(['share', 'erase']);
  expect(target.device.versions).toEqual({ firmware: '1.0' });
  expect(target.events.map(({ type }) => type)).not.toContain('restarting');
});

describe('software that cannot be used', () => {
  /** @spec X4 */
  test.each([
    ['crashes while it starts', { crashAtBootOf: ['2.0'] }],
    ['decays in its slot', { corruptSlotAfterSeal: true }],
  ])('and %s: the device falls back and says so', async (_, faults) => {
    const { site, target } = await prepared();
    target.device.setFaults(faults);

    const outcome = await update(site, target, release('2.0'));

    expect(outcome.state.outcome).toMatchObject({ state: 'failed', failure: { code: 'boot-failed' } });
    expect(outcome.state.erased).toBe(true);
    expect(target.device.versions).toEqual({ firmware: '1.0' });
    target.device.setFaults({});
    const again = await update(site, target, release('2.1', { releaseCounter: 3 }));
    expect(again.state.outcome).toEqual({ state: 'verified' });
  });

  /** @spec D5 U10 U6 */
  test('in both slots: the updater program takes the image with the password that was kept, without TLS', async () => {
    const { site, target } = await prepared();
    await corruptSlot(target.settings.directory, 'A');
    target.device.setFaults({ corruptSlotAfterSeal: true });
    const rescued = target.next('restarting').then(async () => {
      const { program } = await target.next('started');
      const paths = { program, secure: target.device.securePath, versions: target.device.versions };
      target.device.setFaults({});
      return paths;
    });

    const outcome = await update(site, target, release('2.0'));

    expect(await rescued).toEqual({
      program: 'updater-program',
      secure: undefined,
      versions: { firmware: 'unusable' },
    });
    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.secureRequests).toEqual(['share', 'erase']);
    expect(outcome.offsets).toEqual([0, 0]);
    const plain = site.intermediary.starts.filter(({ path }) => path === 'plain');
    expect(plain).toMatchObject([
      {
        peer: undefined,
        notice: {
          deviceId: 'mfp-1',
          program: 'updater-program',
          mac: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    ]);
    expect(target.device.program).toBe('firmware');
    expect(target.device.versions).toEqual({ firmware: '2.0' });
  });

  test('that crashes although it was committed halts the device with a clear code', async () => {
    const { target } = await prepared();
    await target.device.powerOff();
    target.device.setFaults({ crashAtBootOf: ['1.0'] });
    await expect(target.device.powerOn()).rejects.toMatchObject({ code: 'boot-loop' });
    expect(target.device.state).toBe('halted');
  });
});
