import { describe, expect, test } from '@jest/globals';
import {
  REMOTE_REQUEST_KINDS,
  type RemoteRequestKind,
  requestFromJson,
  requestToJson,
  responseFromJson,
  responseToJson,
} from '@postern/contracts';
import { Instant } from '@postern/core';
import fc from 'fast-check';
import { elementArbitrary } from '../schema-arbitrary.ts';

/** Through text, as REST and the stores have it. */
const throughText = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

describe.each(REMOTE_REQUEST_KINDS)('%s', (kind) => {
  test('is the same after JSON, and so is its response', () => {
    fc.assert(
      fc.property(elementArbitrary(`device.${kind}`), (value) => {
        const body = { kind, value } as Parameters<typeof requestToJson>[0];
        expect(requestFromJson(kind, throughText(requestToJson(body)))).toEqual(body);
      }),
      { numRuns: 20, seed: 1 },
    );
    const response = `${kind}Response` as const;
    fc.assert(
      fc.property(elementArbitrary(`device.${response}`), (value) => {
        const body = { kind: response, value } as Parameters<typeof responseToJson>[0];
        expect(responseFromJson(response, throughText(responseToJson(body)))).toEqual(body);
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

test('lists stand without their wrapper, times as ISO 8601, bytes as base64', () => {
  expect(requestToJson({ kind: 'GetCounters', value: { names: { name: ['copies'] } } })).toEqual({
    names: ['copies'],
  });
  const item = [{ name: 'location', value: '2nd floor' }];
  expect(requestToJson({ kind: 'SetParameters', value: { parameters: { item } } })).toEqual({
    parameters: item,
  });
  expect(requestToJson({ kind: 'CollectLogs', value: { since: Instant(0) } })).toEqual({
    since: '1970-01-01T00:00:00.000Z',
  });
  const file = { name: 'a', length: 1, sha256: '0'.repeat(64), modifiedAt: Instant(0) };
  const value = { file, content: Buffer.from('A') };
  expect(responseToJson({ kind: 'ReadFileResponse', value })).toMatchObject({ content: 'QQ==' });
});

test.each<[RemoteRequestKind, unknown, string, RegExp]>([
  ['GetCounters', { name: ['copies'] }, 'element-unexpected', /^GetCounters: unknown: name$/],
  ['GetCounters', { names: 'copies' }, 'value-invalid', /^GetCounters\/names: not a list$/],
  ['GetCounters', { names: ['copies', 'two words'] }, 'value-invalid', /names\/name\[2\]/],
  ['GetCounters', [], 'value-invalid', /^GetCounters: not an object$/],
  ['GetCounters', null, 'value-invalid', /^GetCounters: not an object$/],
  ['GetCounters', JSON.parse('{"__proto__": {}}'), 'element-unexpected', /unknown: __proto__/],
  ['SetParameters', {}, 'element-missing', /SetParameters\/parameters/],
  ['SetParameters', { parameters: [{ name: 'a' }] }, 'element-missing', /item\[1\]\/value/],
  ['SetParameters', { parameters: [{ name: 'a', value: 'x'.repeat(1_025) }] }, 'value-invalid', /1024/],
  ['SetParameters', { parameters: [{ name: 'a', value: 7 }] }, 'value-invalid', /not a string/],
  ['CollectLogs', { since: 'yesterday' }, 'value-invalid', /CollectLogs\/since/],
  ['CollectLogs', { since: 7 }, 'value-invalid', /CollectLogs\/since/],
  ['CollectLogs', { limit: 70_000 }, 'value-invalid', /limit/],
  ['CollectLogs', { minimumLevel: 'loud' }, 'value-invalid', /none of debug, info/],
  ['WriteFile', { content: '???' }, 'value-invalid', /WriteFile\/content: not base64/],
])('%s: refused input %#', (kind, json, code, message) => {
  expect(() => requestFromJson(kind, json)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});
