import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import type { ManifestComponent } from '@postern/software-update';
import { newestRelease } from '../../../src/domain/shelf/newest.ts';
import { MODEL, makeManifest, START } from '../../support/software.ts';

const release = (label: string, components: Record<string, [string, number]>, overrides = {}) => ({
  label,
  manifest: makeManifest({
    components: Object.entries(components).map(
      ([name, [version, releaseCounter]]): ManifestComponent => ({
        name,
        version,
        releaseCounter,
        length: 1,
        sha256: 'ab'.repeat(32),
      }),
    ),
    ...overrides,
  }),
});

const two = release('two', { firmware: ['2.0', 2] });
const three = release('three', { firmware: ['3.0', 3] });

/** @spec I5 */
describe('the newest release', () => {
  test.each([
    ['none', [], { firmware: '1.0' }, undefined],
    ['the only one', [two], { firmware: '1.0' }, 'two'],
    ['by release counter, not by arrival', [three, two], { firmware: '1.0' }, 'three'],
    ['not what is installed', [two], { firmware: '2.0' }, undefined],
    ['not older than what is installed', [two, three], { firmware: '3.0' }, undefined],
    ['newer than what is installed', [two, three], { firmware: '2.0' }, 'three'],
    [
      'not for another model',
      [release('x', { firmware: ['9', 9] }, { model: 'Other' })],
      { firmware: '1.0' },
      undefined,
    ],
    [
      'not an expired one',
      [release('x', { firmware: ['9', 9] }, { expires: START }), two],
      { firmware: '1.0' },
      'two',
    ],
    [
      'not of a component the device lacks',
      [release('x', { fax: ['9', 9] }), two],
      { firmware: '1.0' },
      'two',
    ],
    [
      'of equals the later one',
      [two, release('again', { firmware: ['2.0', 2] })],
      { firmware: '1.0' },
      'again',
    ],
    [
      'of one component where another is newest already',
      [release('fax', { firmware: ['2.0', 2], fax: ['5', 5] })],
      { firmware: '2.0', fax: '4' },
      'fax',
    ],
  ])('%s', (_name, releases, installed: Record<string, string>, expected) => {
    expect(newestRelease(releases, MODEL, installed, START)?.label).toBe(expected);
    expect(newestRelease(releases, MODEL, installed, Instant(Date.UTC(2050, 0)))).toBeUndefined();
  });
});
