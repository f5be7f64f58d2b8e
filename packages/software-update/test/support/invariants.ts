import { expect } from '@jest/globals';
import type { Image } from '@postern/software-update/testing';
import type { InMemorySite } from './in-memory-site.ts';

const versionsOf = (images: readonly Image[]): Record<string, string> =>
  Object.fromEntries(images.map(({ component }) => [component.name, component.version]));

/**
 * What must hold after any update, whatever went wrong: it is decided and reported exactly once, the device runs
 * one complete software, a success is a true one, and nothing that was secret is of use or was written down.
 */
export const expectSound = async (site: InMemorySite): Promise<void> => {
  const { updater, device, job } = site;
  const { outcome, erased, credential, phase } = updater.state;
  expect(phase).toBe('finished');
  expect(outcome).toBeDefined();
  expect(updater.results).toEqual([outcome]);
  expect({ erased, credential }).toEqual({ erased: true, credential: undefined });

  const { running } = device;
  expect(running?.booted.program).toBe('firmware');
  expect(running && device.slots.isWhole(running.booted.slot)).toBe(true);
  expect([versionsOf(site.factory), versionsOf(site.release)]).toContainEqual(site.versions);
  if (outcome?.state === 'cancelled') expect(site.versions).toEqual(versionsOf(site.factory));
  if (outcome?.state === 'verified' || outcome?.state === 'not-required') {
    expect(site.versions).toEqual(versionsOf(site.release));
  }
  expect(await site.passwordOpens()).toBe(false);

  const written = JSON.stringify([site.log.lines, updater.steps, updater.results, device.record, job]);
  for (const password of [...updater.passwords, ...site.network.made])
    expect(written).not.toContain(password);
};
