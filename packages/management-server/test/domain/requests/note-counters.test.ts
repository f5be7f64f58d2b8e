import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { mergeCounters } from '../../../src/domain/requests/note-counters.ts';

const at = Instant;
const counter = (name: string, value: number, when: number) => ({ name, value, at: at(when) });

/** @spec R5 */
describe('the latest counters of a device', () => {
  test('one that was read again is replaced, another one stays with its own time', () => {
    const read = [{ name: 'copies', value: 8 }];
    const present = [counter('copies', 7, 10), counter('faxes', 3, 10)];
    expect(mergeCounters(present, { read, at: at(20), now: at(30) })).toEqual([
      counter('copies', 8, 20),
      counter('faxes', 3, 10),
    ]);
  });

  test('a reading that comes late does not replace a later one', () => {
    const read = [
      { name: 'copies', value: 6 },
      { name: 'scans', value: 1 },
    ];
    const merged = mergeCounters([counter('copies', 7, 10)], { read, at: at(5), now: at(30) });
    expect(merged).toEqual([counter('copies', 7, 10), counter('scans', 1, 5)]);
  });

  test('a site whose clock is ahead keeps out nothing that is read later', () => {
    const ahead = mergeCounters([], { read: [{ name: 'copies', value: 1 }], at: at(9_999), now: at(30) });
    expect(ahead).toEqual([counter('copies', 1, 30)]);
    const next = mergeCounters(ahead, { read: [{ name: 'copies', value: 2 }], at: at(40), now: at(50) });
    expect(next).toEqual([counter('copies', 2, 40)]);
  });

  test('there are no more than one reading can have: the oldest go', () => {
    const read = (prefix: string) =>
      Array.from({ length: 256 }, (_, index) => ({ name: `${prefix}-${index}`, value: index }));
    const first = mergeCounters([], { read: read('a'), at: at(1), now: at(9) });
    const second = mergeCounters(first, { read: read('b'), at: at(2), now: at(9) });
    expect(second).toHaveLength(256);
    expect(second.every(({ name }) => name.startsWith('b-'))).toBe(true);
  });
});
