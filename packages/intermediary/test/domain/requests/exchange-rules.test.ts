import { expect, test } from '@jest/globals';
import {
  afterFailure,
  type Fate,
  fateOf,
  isInDoubt,
  mayCall,
  type Standing,
} from '../../../src/domain/requests/exchange-rules.ts';

const standing = (changes: Partial<Standing>): Standing => ({
  class: 'reading',
  remembers: false,
  inDoubt: false,
  tries: 1,
  mostTries: 3,
  ...changes,
});

/** @spec R1 X6 */
test.each<[Partial<Standing>, Fate, ReturnType<typeof afterFailure>]>([
  // Reading does no harm twice.
  [{}, 'not-received', 'again'],
  [{}, 'uncertain', 'again'],
  [{}, 'refused', 'failed'],
  [{ tries: 3 }, 'not-received', 'failed'],
  [{ tries: 3 }, 'uncertain', 'failed'],
  // A change is asked for again only where it certainly was not made.
  [{ class: 'changing' }, 'not-received', 'again'],
  [{ class: 'changing' }, 'uncertain', 'outcome-unknown'],
  [{ class: 'changing' }, 'refused', 'failed'],
  [{ class: 'changing', tries: 3 }, 'not-received', 'failed'],
  // A device that remembers may be asked at any time.
  [{ class: 'changing', remembers: true }, 'not-received', 'again'],
  [{ class: 'changing', remembers: true }, 'uncertain', 'again'],
  [{ class: 'changing', remembers: true }, 'refused', 'failed'],
  [{ class: 'changing', remembers: true, tries: 3 }, 'uncertain', 'outcome-unknown'],
  [{ class: 'changing', remembers: true, tries: 3 }, 'not-received', 'failed'],
  // What an earlier call may have done stays unknown, whatever comes of a later one.
  [{ class: 'changing', remembers: true, inDoubt: true }, 'not-received', 'again'],
  [{ class: 'changing', remembers: true, inDoubt: true, tries: 3 }, 'not-received', 'outcome-unknown'],
  [{ class: 'changing', remembers: true, inDoubt: true }, 'refused', 'outcome-unknown'],
  [{ class: 'changing', inDoubt: true }, 'not-received', 'outcome-unknown'],
])('%j after a call that was %s: %s', (changes, fate, expected) => {
  expect(afterFailure(standing(changes), fate)).toBe(expected);
});

test('a device is not called where that could do twice what must be done once', () => {
  expect(mayCall({ inDoubt: false, remembers: false })).toBe(true);
  expect(mayCall({ inDoubt: true, remembers: true })).toBe(true);
  expect(mayCall({ inDoubt: true, remembers: false })).toBe(false);
});

test('only what changes something is ever in doubt', () => {
  expect(isInDoubt(standing({}), 'uncertain')).toBe(false);
  expect(isInDoubt(standing({ class: 'changing' }), 'uncertain')).toBe(true);
  expect(isInDoubt(standing({ class: 'changing' }), 'not-received')).toBe(false);
  expect(isInDoubt(standing({ class: 'changing', inDoubt: true }), 'not-received')).toBe(true);
});

test.each<[string, Fate]>([
  ['unreachable', 'not-received'],
  ['connection-lost', 'uncertain'],
  ['deadline-exceeded', 'uncertain'],
  ['response-invalid', 'uncertain'],
  ['response-too-large', 'uncertain'],
  ['tls-refused', 'refused'],
  ['device-unknown', 'refused'],
  ['value-invalid', 'refused'],
])('a call that fails with %s was %s', (code, fate) => {
  expect(fateOf(code)).toBe(fate);
});
