import { describe, expect, test } from '@jest/globals';
import { LONGEST_ROUTE, routeMistake } from '@postern/soap-rpc';

const path = (length: number) => Array.from({ length }, (_, index) => `site-${index}`);

describe('a route', () => {
  test('is fine up to its longest', () => {
    expect(routeMistake(undefined, path(LONGEST_ROUTE))).toBeUndefined();
    expect(routeMistake('own', path(LONGEST_ROUTE - 1))).toBeUndefined();
  });

  /** @spec T2 */
  test('that names somebody twice, or whoever is told, is a loop', () => {
    expect(routeMistake('own', ['a', 'own'])).toBe('route-loop');
    expect(routeMistake(undefined, ['a', 'b', 'a'])).toBe('route-loop');
  });

  test('beyond that is too long, the own name counted', () => {
    expect(routeMistake(undefined, path(LONGEST_ROUTE + 1))).toBe('route-too-long');
    expect(routeMistake('own', path(LONGEST_ROUTE))).toBe('route-too-long');
  });
});
