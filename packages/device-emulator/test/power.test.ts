import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { manufacture, startSite, switchable } from './support/site.ts';
import { secureClient } from './support/updater.ts';

describe('the power switch', () => {
  test('brings the device up at the same addresses, announces it, and takes it down for good', async () => {
    const site = await startSite();
    const target = await manufacture(site);
    const seen: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      const announced = target.next('announced');
      await target.device.powerOn();
      await announced;
      seen.push({ secure: target.device.securePath, bulk: target.device.bulkPath });
      await target.device.powerOff();
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(site.intermediary.starts).toHaveLength(2);
    expect(target.device).toMatchObject({ state: 'off', versions: {}, securePath: undefined });
    await expect(secureClient(site.intermediaryNode, target).call('ConfirmAlive', {})).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  test('does nothing when it is where it is turned to', async () => {
    const target = await manufacture(await startSite());
    await target.device.powerOff();
    await target.device.powerOn();
    await target.device.powerOn();
    expect(target.events.filter(({ type }) => type === 'started')).toHaveLength(1);
  });

  test('ends a start that waits for its port', async () => {
    const { settings } = await manufacture(await startSite());
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { device } = switchable({ ...settings, ftp: { host: '127.0.0.1', port } });
    const early = device.powerOn();
    await Promise.all([expect(early).rejects.toMatchObject({ code: 'cancelled' }), device.powerOff()]);
    const starting = device.powerOn();
    while (device.state !== 'starting') await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([expect(starting).rejects.toMatchObject({ code: 'cancelled' }), device.powerOff()]);
    expect(device.state).toBe('off');
    await new Promise((resolve) => squatter.close(resolve));
    await device.powerOn();
    expect(device.bulkPath?.port).toBe(port);
  });

  test('refuses jobs while no firmware runs', async () => {
    const target = await manufacture(await startSite());
    expect(() => target.device.startJob({ kind: 'copy', duration: Seconds(1) })).toThrow(
      expect.objectContaining({ code: 'firmware-not-running' }),
    );
  });
});
