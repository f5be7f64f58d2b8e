import { expect, test } from '@jest/globals';
import {
  type AssuranceGap,
  assuranceGaps,
  assuranceLevel,
  DEFAULT_SCHEME,
  type UpdateScheme,
} from '@postern/software-update';
import { LIST } from '../support/schemes.ts';

const target = (manifestChecked: boolean, authenticatedReports: boolean) => ({
  manifestChecked,
  authenticatedReports,
});
const A2: UpdateScheme = { ...DEFAULT_SCHEME, tls: 'intermediary-authenticated' };
const A3: UpdateScheme = { ...DEFAULT_SCHEME, tls: 'device-authenticated' };

/** @spec A1 A2 A3 P1 X1 X2 */
test.each<[string, UpdateScheme, ReturnType<typeof target> | undefined, readonly AssuranceGap[], string]>([
  ['default, a device that does its part', DEFAULT_SCHEME, target(true, true), [], 'full'],
  ['default, without a manifest', DEFAULT_SCHEME, target(false, true), ['manifest-unchecked'], 'partial'],
  ['default, plain reports', DEFAULT_SCHEME, target(true, false), ['reports-unauthenticated'], 'partial'],
  [
    'default, a device of another vendor',
    DEFAULT_SCHEME,
    target(false, false),
    ['manifest-unchecked', 'reports-unauthenticated'],
    'patent',
  ],
  [
    'default, never shared',
    DEFAULT_SCHEME,
    undefined,
    ['manifest-unchecked', 'reports-unauthenticated'],
    'patent',
  ],
  ['A2', A2, target(true, true), ['device-unauthenticated'], 'partial'],
  ['A3', A3, target(true, true), ['updater-unauthenticated'], 'partial'],
  [
    'A3, a device of another vendor',
    A3,
    target(false, false),
    ['manifest-unchecked', 'reports-unauthenticated', 'updater-unauthenticated'],
    'patent',
  ],
  ['password list', LIST, target(true, true), ['listed-password'], 'partial'],
])('%s', (_, scheme, answered, gaps, level) => {
  expect(assuranceGaps(scheme, answered)).toEqual(gaps);
  expect(assuranceLevel(gaps)).toBe(level);
});
