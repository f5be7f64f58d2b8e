import { describe, expect, test } from '@jest/globals';
import { manufacture, startSite } from './support/site.ts';
import { release } from './support/software.ts';
import { update } from './support/updater.ts';

const HAPPY = [
  ...['S102', 'S103', 'S104', 'S105', 'S106', 'S107', 'S108', 'S109', 'S110', 'S112', 'S113', 'S114', 'S115'],
  ...['S116', 'S117', 'S118', 'S119', 'S120', 'S121', 'S122', 'S123', 'S124'],
];

describe('a whole update over real sockets', () => {
  /** @spec U1 U6 U8 A1 */
  test.each([1, 1_048_576])('of %d bytes ends verified, with the password gone', async (length) => {
    const site = await startSite();
    const target = await manufacture(site);
    await target.device.powerOn();
    const before = { secure: target.device.securePath, bulk: target.device.bulkPath };

    const software = release('2.0', { length });
    const outcome = await update(site, target, software);

    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    for (const step of HAPPY) expect(outcome.steps).toContain(`${step} done`);
    expect(outcome.sentBytes).toBe(length);
    expect(target.device.versions).toEqual({ firmware: '2.0' });
    expect({ secure: target.device.securePath, bulk: target.device.bulkPath }).toEqual(before);
    expect(target.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['started', 'restarting', 'stopped', 'started']),
    );
    expect(outcome.state.erased).toBe(true);
    const start = site.intermediary.starts.at(-1);
    expect(start).toMatchObject({
      path: 'secure',
      peer: { role: 'device', name: 'mfp-1' },
      notice: { program: 'firmware', mac: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(site.intermediary.registrations).toHaveLength(2);
  });
});
