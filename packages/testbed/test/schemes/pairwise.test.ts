import { expect, test } from '@jest/globals';
import { allowedCells } from './cells.ts';
import { coveringPairs, pairsOf } from './pairwise.ts';

test.each(['server', 'panel', 'operation-port'] as const)(
  'few cells of those ordered by the %s have each pair of choices',
  (orderedBy) => {
    const all = allowedCells(orderedBy);
    const few = coveringPairs(all);
    expect(new Set(few.flatMap(pairsOf))).toEqual(new Set(all.flatMap(pairsOf)));
    expect(few.length).toBeLessThan(all.length);
  },
);
