import { expect, test } from '@jest/globals';
import { specRows } from '@postern/contracts';

const FAMILIES = { T: 5, R: 9, I: 5, D: 5, U: 21, P: 2, A: 3, B: 3, X: 6 };

test('the registry has every row of the specification once, in order', () => {
  const expected = Object.entries(FAMILIES).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  expect(specRows.map(({ id }) => id)).toEqual(expected);
});

test('every row says what must work in one sentence', () => {
  for (const { id, text } of specRows)
    expect({ id, text }).toEqual({ id, text: expect.stringMatching(/^[A-Z].{20,130}\.$/) });
});
