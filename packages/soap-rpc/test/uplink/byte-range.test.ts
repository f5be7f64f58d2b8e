import { describe, expect, test } from '@jest/globals';
import { readRange } from '../../src/uplink/byte-range.ts';

const image = { etag: '"abc"', length: 100 };
const whole = { kind: 'whole' };
const part = (start: number, end: number) => ({ kind: 'part', start, end });
const unsatisfiable = { kind: 'unsatisfiable' };

describe('RFC 9110 §14 byte ranges', () => {
  test.each([
    [undefined, whole],
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-', part(0, 99)],
    ['bytes=10-19', part(10, 19)],
    ['bytes=99-', part(99, 99)],
    ['bytes=90-1000', part(90, 99)],
    ['bytes=-10', part(90, 99)],
    ['bytes=-1000', part(0, 99)],
    ['bytes=-0', unsatisfiable],
    ['bytes=100-', unsatisfiable],
    ['bytes=1000-2000', unsatisfiable],
    ['bytes=20-10', whole],
    ['bytes=0-1,5-6', whole],
    ['bytes=a-b', whole],
    ['bytes=', whole],
    ['items=0-1', whole],
    ['bytes=00000000000000000000-1', whole],
  ])('%s', (header, expected) => {
    expect(readRange(header, undefined, image)).toEqual(expected);
  });

  test.each([
    ['"abc"', part(1, 2)],
    ['"other"', whole],
    ['W/"abc"', whole],
    ['Sun, 06 Nov 1994 08:49:37 GMT', whole],
  ])('with If-Range %s', (ifRange, expected) => {
    expect(readRange('bytes=1-2', ifRange, image)).toEqual(expected);
  });
});
