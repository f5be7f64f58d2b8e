import { describe, expect, test } from '@jest/globals';
import { codecCatalogue } from '@postern/contracts';
import fc from 'fast-check';
import { damagedArbitrary, documentArbitrary } from './document-arbitrary.ts';
import { readOurs, readWithSaxes } from './saxes-oracle.ts';

/** saxes, an established parser, is the oracle: it knows XML, and nothing of what we wrote. */
const compare = (document: string): 'read' | 'refused' => {
  const bytes = Buffer.from(document);
  const ours = readOurs(bytes);
  const theirs = readWithSaxes(bytes);
  if ('refused' in theirs) {
    expect({ document, theirs, refused: 'refused' in ours }).toEqual({ document, theirs, refused: true });
  } else {
    expect(ours).toEqual(theirs);
  }
  if (!('refused' in ours)) return 'read';
  expect(Object.keys(codecCatalogue)).toContain(ours.refused);
  return 'refused';
};

describe.each([
  ['documents', documentArbitrary, 3_000],
  ['damaged documents', damagedArbitrary, 12_000],
])('%s', (_, documents, numRuns) => {
  test('are read or refused as saxes does', () => {
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(documents, (document) => {
        counts[compare(document)]++;
      }),
      { numRuns, seed: 1 },
    );
    // Both ways are well trodden.
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(numRuns / 30);
  });
});
