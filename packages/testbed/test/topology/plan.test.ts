import { describe, expect, test } from '@jest/globals';
import { type LanPlan, nodesOf, placed } from '../../src/topology/plan.ts';
import { FACTORY } from '../support/printer-site.ts';

const device = (id: string) => ({ id, firmware: FACTORY });

describe('the plan of a topology', () => {
  test('every LAN comes after the one above it', () => {
    const plans: readonly LanPlan[] = [
      { name: 'b', below: [{ name: 'b-1', below: [{ name: 'b-1-1' }] }, { name: 'b-2' }] },
      { name: 'a' },
    ];
    expect(placed(plans).map(({ plan, above }) => [plan.name, above])).toEqual([
      ['b', undefined],
      ['b-1', 'b'],
      ['b-1-1', 'b-1'],
      ['b-2', 'b'],
      ['a', undefined],
    ]);
  });

  test.each<[string, readonly LanPlan[], RegExp]>([
    ['two intermediaries of one name', [{ name: 'a' }, { name: 'a' }], /Two nodes are called a/],
    [
      'a device with the name of one elsewhere',
      [
        { name: 'a', devices: [device('d')] },
        { name: 'b', below: [{ name: 'c', devices: [device('d')] }] },
      ],
      /Two nodes are called d/,
    ],
    ['a carrier that is no device of its LAN', [{ name: 'a', carrier: 'car' }], /a has no device car/],
  ])('%s is refused', (_, plans, message) => {
    expect(() => nodesOf(placed(plans))).toThrow(message);
  });
});
