import { describe, expect, test } from '@jest/globals';
import { decodeDocument, elementCodec, schema } from '@postern/contracts';
import fc from 'fast-check';
import { elementArbitrary } from '../schema-arbitrary.ts';

describe('decode ∘ encode is the identity', () => {
  test.each(Object.keys(schema.elements))('%s', (key) => {
    const codec = elementCodec<unknown>(schema, key);
    fc.assert(
      fc.property(elementArbitrary(key), (value) => {
        expect(decodeDocument(codec, codec.write(value))).toEqual(value);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});

test('bytes and text are read alike, with or without a byte order mark', () => {
  const codec = elementCodec(schema, 'device.ConfirmAlive');
  const text = codec.write({});
  expect(decodeDocument(codec, Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-8"?>${text}`))).toEqual(
    {},
  );
});
