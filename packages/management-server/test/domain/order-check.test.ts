import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import { checkOrder, type OrderFacts } from '../../src/domain/order-check.ts';
import type { DeviceRecord, SoftwareRecord, UpdateRecord } from '../../src/domain/records.ts';
import { manifestOf } from '../support/software.ts';
import { deviceChange } from '../support/world.ts';

const now = Instant(Date.UTC(2030, 0, 1));
const device: DeviceRecord = {
  information: deviceChange('printer-1').information,
  intermediary: 'site-a',
  route: [],
  active: undefined,
  present: true,
  lastContact: undefined,
  changedAt: now,
};
const software: SoftwareRecord = {
  id: 'sw-1',
  payloadSha256: '',
  manifest: manifestOf(),
  signedManifest: new Uint8Array(),
  registeredAt: now,
};
const openUpdate: UpdateRecord = {
  id: 'update-1',
  deviceId: 'printer-1',
  intermediary: 'site-a',
  orderedBy: 'server',
  softwareId: 'sw-1',
  policy: undefined,
  state: 'sent',
  phase: undefined,
  orderedAt: now,
  deadline: now,
  finishedAt: undefined,
  cancelRequested: false,
  result: undefined,
};
const facts: OrderFacts = {
  deviceId: 'printer-1',
  softwareId: 'sw-1',
  device,
  software,
  openUpdate: undefined,
  now,
};

describe('checkOrder', () => {
  test('lets a fitting order pass', () => {
    expect(checkOrder(facts)).toEqual({ device, software });
  });

  const expired = { ...software, manifest: manifestOf({ expires: now }) };
  const another = { ...software, manifest: manifestOf({ model: 'TV-9' }) };
  test.each<[string, Partial<OrderFacts>, RegExp]>([
    ['device-unknown', { device: undefined }, /printer-1/],
    ['device-unknown', { device: { ...device, present: false } }, /printer-1/],
    ['software-unknown', { software: undefined }, /sw-1/],
    ['wrong-model', { software: another }, /TV-9.*MFP-1/],
    ['manifest-expired', { software: expired }, /expired/],
    ['update-already-open', { openUpdate }, /update-1/],
  ])('refuses with %s', (code, change, message) => {
    const check = () => checkOrder({ ...facts, ...change });
    expect(check).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/./) }));
    expect(check).toThrow(message);
  });
});
