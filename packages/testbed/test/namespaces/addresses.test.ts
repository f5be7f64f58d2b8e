import { describe, expect, test } from '@jest/globals';
import { lanAddresses, OPERATORS_LINES, operatorsLine } from '../../src/namespaces/addresses.ts';
import { type LanPlan, placed } from '../../src/topology/plan.ts';
import { FACTORY } from '../support/printer-site.ts';

const devices = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `d-${at}`, firmware: FACTORY }));

describe('addresses in namespaces', () => {
  test('every LAN has its own, below another too', () => {
    const sites: readonly LanPlan[] = [
      { name: 'a', devices: devices(2), foreignDevices: ['theirs'], below: [{ name: 'a-1' }] },
      { name: 'b' },
    ];
    const addresses = lanAddresses(placed(sites));
    expect([...addresses].map(([name, { subnet }]) => [name, subnet])).toEqual([
      ['a', '10.77.1.0/24'],
      ['a-1', '10.77.2.0/24'],
      ['b', '10.77.3.0/24'],
    ]);
    expect([...(addresses.get('a')?.devices ?? [])]).toEqual([
      ['d-0', '10.77.1.10'],
      ['d-1', '10.77.1.11'],
      ['theirs', '10.77.1.12'],
    ]);
  });

  test('more than an address has room for is refused', () => {
    const lans = Array.from({ length: 251 }, (_, at) => ({ name: `site-${at}` }));
    expect(() => lanAddresses(placed(lans))).toThrow(/take 250 LANs, not 251/);
    expect(() => lanAddresses(placed([{ name: 'a', devices: devices(241) }]))).toThrow(/240 devices/);
  });

  test("the operator's lines do not overlap, and stay in their range", () => {
    expect(operatorsLine(0)).toMatchObject({ operator: '198.18.0.1', server: '198.18.0.2' });
    expect(operatorsLine(32)).toMatchObject({ prefix: '198.18.1.0/29' });
    expect(operatorsLine(OPERATORS_LINES - 1)).toMatchObject({ prefix: '198.19.255.248/29' });
  });
});
