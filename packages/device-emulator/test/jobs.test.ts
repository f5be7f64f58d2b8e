import { expect, test } from '@jest/globals';
import { Hours, Seconds } from '@postern/core';
import { profileNamed } from '@postern/device-emulator';
import { manufacture, startSite } from './support/site.ts';

/** @spec T4 U5 */
test('a device has the jobs of its kind, and no others', async () => {
  const site = await startSite();
  const { device } = await manufacture(site, { settings: { profile: profileNamed('refrigerator') } });
  await device.powerOn();
  expect(await ended(device.startJob({ kind: 'defrost', duration: Seconds(0) }))).toBe('finished');
  expect(() => device.startJob({ kind: 'print', duration: Hours(1) })).toThrow(
    expect.objectContaining({ code: 'job-kind-unknown', message: expect.stringContaining('defrost') }),
  );
});

const ended = (job: { readonly ended: Promise<string> }): Promise<string> => job.ended;
