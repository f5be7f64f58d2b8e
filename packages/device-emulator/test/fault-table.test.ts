import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FAULTS, faultForms, parseFault } from '@postern/device-emulator';
import { faultsSchema } from '../src/fault-table.ts';

describe('the table of faults', () => {
  test('is that of the operations manual', () => {
    const manual = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const [, section = ''] = /^## Fleets of emulated devices$(.*?)^## /ms.exec(manual) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+(?:=[^`]*)?)` +\| (.*?) +\|$/gm)].map(([, form, effect]) => [
      form,
      effect,
    ]);
    const effects = Object.values(FAULTS).map(({ effect }) => effect);
    const expected = faultForms().map((form, at) => [form, effects[at]]);
    expect(rows).toEqual(expected);
  });

  test.each([
    ['refuseLogins', { refuseLogins: true }],
    ['refuseLogins=false', { refuseLogins: false }],
    ['crashAtBootOf=2.0', { crashAtBootOf: ['2.0'] }],
    ['storageBytes=0', { storageBytes: 0 }],
    ['clockOffset=-1.5', { clockOffset: -1.5 }],
  ])('reads %s', (text, expected) => {
    expect(parseFault(text)).toEqual(expected);
    expect(faultsSchema.safeParse(expected).success).toBe(true);
  });

  test.each([
    'storageBytes=-1',
    'storageBytes=1.5',
    'storageBytes=',
    'clockOffset=NaN',
    'abnormalityStorm=1e9',
  ])('refuses %s', (text) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'fault-invalid' }));
  });
});
