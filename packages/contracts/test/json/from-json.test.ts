import { expect, test } from '@jest/globals';
import { fromJson } from '@postern/contracts';
import { Instant } from '@postern/core';

test('what is read has times as instants, and every list, if empty', () => {
  const device = { id: 'mfp-1', changedAt: '2026-01-31T12:00:00+01:00' };
  expect(fromJson('operator.ListDevicesResponse', { page: { device: [device] } }, '')).toEqual({
    page: { device: [{ id: 'mfp-1', changedAt: Instant(Date.UTC(2026, 0, 31, 11)) }] },
  });
  expect(fromJson('operator.ListDevicesResponse', { page: {} }, '')).toEqual({ page: { device: [] } });
});

test.each([
  [
    { page: { device: [{}, { changedAt: '2026-02-30T00:00:00Z' }] } },
    /^Page\/page\/device\[2\]\/changedAt: /,
  ],
  [{ page: { device: [{ changedAt: 7 }] } }, /^Page\/page\/device\[1\]\/changedAt: not a text$/],
  [{ page: { device: [null] } }, /^Page\/page\/device\[1\]: not an object$/],
  [{ page: { device: {} } }, /^Page\/page\/device: not a list$/],
  [{ page: { device: [{ route: 'a' }] } }, /^Page\/page\/device\[1\]\/route: not a list$/],
  [{ page: { printer: [] } }, /^Page\/page: unknown: printer$/],
])('the place of what does not fit is named: %#', (json, message) => {
  expect(() => fromJson('operator.ListDevicesResponse', json, 'Page')).toThrow(message);
});

test.each([
  [{ kind: 'CollectLogs', value: { since: 'noon' } }, /^Order\/request\/body\/CollectLogs\/since: /],
  [{ kind: 'Explode', value: {} }, /^Order\/request\/body: kind is none of /],
])('also inside a choice: %#', (body, message) => {
  expect(() => fromJson('operator.OrderRequests', { request: { body } }, 'Order')).toThrow(message);
});
