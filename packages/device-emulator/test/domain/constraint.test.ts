import { describe, expect, test } from '@jest/globals';
import { type Constraint, expectation } from '../../src/domain/constraint.ts';

const integer: Constraint = { kind: 'integer', from: -2, to: 30 };
const pattern: Constraint = { kind: 'pattern', pattern: /^(?:[a-z]+)$/u };
const choices: Constraint = { kind: 'choices', choices: ['A4', 'A5'] };

/** @spec T4 */
describe('a value', () => {
  test.each([
    [{ kind: 'any' } as const, ''],
    [integer, '-2'],
    [integer, '0'],
    [integer, '30'],
    [pattern, 'abc'],
    [choices, 'A4'],
  ])('that its constraint %j allows', (constraint, value) => {
    expect(expectation(constraint, value)).toBeUndefined();
  });

  test.each([
    [integer, '31', 'must be a whole number from -2 to 30'],
    [integer, '', 'must be a whole number from -2 to 30'],
    [integer, '1e1', 'must be a whole number from -2 to 30'],
    [integer, '+1', 'must be a whole number from -2 to 30'],
    [integer, '01', 'must be a whole number from -2 to 30'],
    [integer, '-0', 'must be a whole number from -2 to 30'],
    [integer, ' 1', 'must be a whole number from -2 to 30'],
    [pattern, 'abc\n', 'must match ^(?:[a-z]+)$'],
    [pattern, 'a'.repeat(257), 'must match ^(?:[a-z]+)$'],
    [choices, 'a4', 'must be one of A4, A5'],
  ])('that its constraint %j refuses: %j', (constraint, value, expected) => {
    expect(expectation(constraint, value)).toBe(expected);
  });
});
