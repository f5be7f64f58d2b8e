import { describe, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { DeviceLists } from '@postern/soap-rpc';

const changes = (revision: number, rest: Partial<uplink.DeviceChanges> = {}): uplink.DeviceChanges => ({
  revision,
  complete: false,
  device: [],
  ...rest,
});

test.each([
  ['older changes', changes(4), false],
  ['the same again', changes(5), true],
  ['newer changes', changes(6, { since: 5 }), true],
  ['newer changes that overlap', changes(6, { since: 3 }), true],
  ['changes that leave some out', changes(9, { since: 7 }), false],
  ['a whole list that begins anew', changes(1, { complete: true }), true],
])('%s, where revision 5 is held', (_, devices, taken) => {
  const poll = { sessionId: 's', holdSeconds: 0, capacity: 1 };
  const told = { ...poll, devices };
  expect(new DeviceLists([['site', 5]]).acceptable('site', told)).toEqual(taken ? told : poll);
});

describe('a whole list in parts', () => {
  /** @returns what becomes of a part that names a device, once it is stored */
  const take = (lists: DeviceLists, part: uplink.DeviceChanges, name: string) => {
    const { state, names, stored } = lists.part('site', part);
    names.add(name);
    lists.taken('site', part, { state, names, stored });
    return [state, [...names].join(), stored, lists.revision('site')];
  };

  /** @spec T2 */
  test('is whole with its last part, and not stored before', () => {
    const lists = new DeviceLists([['site', 900]]);
    expect(take(lists, changes(2, { complete: true, more: true }), 'a')).toEqual(['missing', 'a', 0, 2]);
    expect(take(lists, changes(4, { since: 2, more: true }), 'b')).toEqual(['missing', 'a,b', 0, 4]);
    expect(take(lists, changes(5, { since: 4 }), 'c')).toEqual(['whole', 'a,b,c', 5, 5]);
    expect(take(lists, changes(6, { since: 5 }), 'd')).toEqual(['changes', 'd', 6, 6]);
  });

  test('begins anew with its first part, whatever has come before', () => {
    const lists = new DeviceLists([]);
    take(lists, changes(2, { complete: true, more: true }), 'a');
    take(lists, changes(4, { since: 2, more: true }), 'b');
    expect(take(lists, changes(1, { complete: true }), 'c')).toEqual(['whole', 'c', 1, 1]);
  });

  test('a part whose poll failed is as if it had not come', () => {
    const lists = new DeviceLists([]);
    take(lists, changes(2, { complete: true, more: true }), 'a');
    lists.part('site', changes(4, { since: 2 })).names.add('b');
    expect(take(lists, changes(4, { since: 2 }), 'c')).toEqual(['whole', 'a,c', 4, 4]);
  });
});
