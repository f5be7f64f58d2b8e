import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { admit, type InstalledSoftware, type SoftwareManifest } from '@postern/software-update';
import { MODEL, makeImage, makeManifest, RELEASE, START } from '../support/software.ts';

const installed: InstalledSoftware = {
  model: MODEL,
  versions: { firmware: '1.0', network: '3.1' },
  releaseCounters: { firmware: 10, network: 4 },
};

const of = (name: string, version: string, counter: number) =>
  makeManifest([makeImage(name, version, counter)]);
const names = (manifest: SoftwareManifest) => admit(manifest, installed, START).map(({ name }) => name);

/** @spec X1 U3 */
describe('what a device wants of a manifest', () => {
  test.each<[string, SoftwareManifest, readonly string[]]>([
    ['the component whose version differs', makeManifest(RELEASE), ['firmware']],
    ['nothing when all versions are there', of('firmware', '1.0', 10), []],
    ['another version under the same counter', of('firmware', '1.0-b', 10), ['firmware']],
    ['nothing of a version it has, whatever its counter', of('firmware', '1.0', 1), []],
  ])('%s', (_, manifest, wanted) => {
    expect(names(manifest)).toEqual(wanted);
  });
});

/** @spec X1 */
describe('a device refuses', () => {
  test.each<[string, SoftwareManifest, string]>([
    ['another model', { ...makeManifest(RELEASE), model: 'MFP C4501' }, 'wrong-model'],
    ['an expired manifest', { ...makeManifest(RELEASE), expires: START }, 'manifest-expired'],
    ['an unknown component', of('scanner', '1.0', 1), 'component-unknown'],
    ['a component named as a member of every object', of('constructor', '1.0', 1), 'component-unknown'],
    ['a lower release counter', of('firmware', '0.9', 9), 'release-counter-too-low'],
    [
      'the whole when one component is too old',
      makeManifest([makeImage('firmware', '2.0', 11), makeImage('network', '3.0', 3)]),
      'release-counter-too-low',
    ],
  ])('%s', (_, manifest, code) => {
    expect(() => admit(manifest, installed, START)).toThrow(expect.objectContaining({ code }));
  });

  test('nothing in the last millisecond before the expiry', () => {
    expect(names({ ...makeManifest(RELEASE), expires: Instant(START + 1) })).toEqual(['firmware']);
  });
});
