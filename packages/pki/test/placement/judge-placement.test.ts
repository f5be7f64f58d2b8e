import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { judgePlacement, type PlacedName } from '@postern/pki';

const at = (teller: string, sequence?: number, rest: Partial<PlacedName> = {}): PlacedName => ({
  teller,
  place: teller,
  sequence,
  ...rest,
});
const held = (...[teller, sequence, rest]: Parameters<typeof at>) => ({
  ...at(teller, sequence, rest),
  gone: false,
});

describe('whose a name is', () => {
  test('nobody holds it: it is whoever tells of it first', () => {
    expect(judgePlacement(undefined, at('a'))).toBe('new');
  });

  test('who holds it goes on, whatever the device says', () => {
    expect(judgePlacement(held('a', 5), at('a'))).toBe('same');
    expect(judgePlacement(held('a', 5), at('a', 2))).toBe('same');
  });

  /** @spec T2 */
  test("the device's word with a higher sequence moves it, also from where it had said nothing", () => {
    expect(judgePlacement(held('a', 5), at('b', 6))).toBe('moved');
    expect(judgePlacement(held('a'), at('b', 1))).toBe('moved');
  });

  test('an older word takes nothing back, not even once the name is free', () => {
    expect(judgePlacement(held('b', 6), at('a', 5))).toBe('foreign');
    expect(judgePlacement({ ...held('b', 6), gone: true }, at('a', 5))).toBe('foreign');
  });

  test('without a word the old place has to release it', () => {
    expect(judgePlacement(held('a'), at('b'))).toBe('foreign');
    expect(judgePlacement(held('a', 5), at('b'))).toBe('foreign');
    expect(judgePlacement({ ...held('a'), gone: true }, at('b'))).toBe('moved');
  });

  test('the same word on another way: the intermediary itself has moved', () => {
    const leaf = { place: 'leaf' };
    expect(judgePlacement(held('a', 5, leaf), at('b', 5, leaf))).toBe('moved');
    expect(judgePlacement(held('a', 5, leaf), at('b', 5))).toBe('foreign');
    const early = { ...leaf, lastContact: Instant(1_000) };
    const late = { ...leaf, lastContact: Instant(2_000) };
    expect(judgePlacement(held('a', 5, late), at('b', 5, early))).toBe('foreign');
    expect(judgePlacement(held('a', 5, early), at('b', 5, late))).toBe('moved');
  });
});
