import { expect, test } from '@jest/globals';
import { type types, type uplink, uplinkContract } from '@postern/contracts';
import { Instant, silentLogger } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import { defaultListenerLimits } from '@postern/soap-rpc';
import { logReading } from '../../../src/domain/local/collect-new-logs.ts';
import type { LogMark } from '../../../src/domain/local/ports.ts';
import { Deliveries } from '../../../src/domain/uplink/deliveries.ts';
import { DeviceChanges } from '../../../src/domain/uplink/device-changes.ts';
import type { Cargo } from '../../../src/domain/uplink/outgoing.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';
import { deviceInformation } from '../../support/software.ts';

/** As many and as long as the contract allows; `&` takes five bytes. */
const entries = (character: string): types.LogEntry[] =>
  Array.from({ length: 1_000 }, (_, index) => ({
    at: Instant(index),
    level: 'error',
    message: character.repeat(1_024),
  }));
const log = (character: string): uplink.ResponseBody => ({
  kind: 'CollectLogsResponse',
  value: { entries: { item: entries(character) } },
});
const bytesOf = (cargo: Cargo): number => {
  const poll = { sessionId: 's'.repeat(64), holdSeconds: 0, capacity: 1, ...cargo };
  return Buffer.byteLength(uplinkContract.operations.Poll.request.write(poll));
};

const start = async (bodies: readonly uplink.ResponseBody[]) => {
  const { requests, outgoing, clock } = await startProcess({ directory: await temporaryDirectory() });
  for (const [index, body] of bodies.entries()) {
    const requestId = `r${index}`;
    requests.add({ requestId, target: 'mfp-1', kind: 'CollectLogs', expiresAt: clock.now() });
    requests.answer(requestId, clock.now(), body);
    outgoing.answered(requestId);
  }
  return outgoing;
};

/** @spec R1 */
test('answers go up in as many exchanges as it takes: none has more bytes than the node above takes', async () => {
  const outgoing = await start([log('x'), log('x'), log('ü'), log('x'), log('漢')]);
  const sent: (string[] | undefined)[] = [];
  while (outgoing.waiting && sent.length < 10) {
    const cargo = outgoing.compose();
    expect(bytesOf(cargo)).toBeLessThan(defaultListenerLimits.bodyBytes - 64 * 1_024);
    const ids = cargo.responses?.response.map(({ requestId }) => requestId);
    if (ids !== undefined) sent.push(ids);
    outgoing.delivered(cargo, { nextPollSeconds: 0, devicesRevision: 0, acknowledged: { id: ids ?? [] } });
  }
  expect(sent).toEqual([['r0'], ['r1'], ['r2'], ['r3'], ['r4']]);
});

/** @spec R1 */
test('an answer that is too large alone goes up as a failure that says so', async () => {
  const outgoing = await start([log('&')]);
  const [response] = outgoing.compose().responses?.response ?? [];
  expect(response).toMatchObject({
    requestId: 'r0',
    body: { kind: 'Failure', value: { code: 'answer-too-large' } },
  });
});

/** @spec I3 */
test('a scheduled collection of the longest log goes up in parts, each entry once', () => {
  let mark: LogMark | undefined;
  const reading = logReading({
    find: () => mark,
    save: (_, next) => {
      mark = next;
    },
  });
  const item = entries('&');
  const collected: number[] = [];
  for (let round = 0; round < 5; round++) {
    const since = mark?.at ?? 0;
    const answer = { entries: { item: item.filter(({ at }) => at >= since) } };
    const news = reading.news('mfp-1', { kind: 'CollectLogsResponse', value: answer });
    if (news === undefined || news.body.kind !== 'CollectLogsResponse') break;
    const deliver = { deliveryId: 'd', deviceId: 'mfp-1', route: { node: ['site-a'] }, body: news.body };
    const document = uplinkContract.operations.Deliver.request.write(deliver);
    expect(Buffer.byteLength(document)).toBeLessThan(defaultListenerLimits.bodyBytes - 64 * 1_024);
    collected.push(...news.body.value.entries.item.map(({ at }) => at));
    news.keep?.();
  }
  expect(collected).toEqual(item.map(({ at }) => at));
});

/** @spec R2 */
test('delay notices with long journals go up in as many exchanges as it takes', async () => {
  const outgoing = await start([]);
  const steps = Array.from({ length: 50 }, (_, index) => ({
    ...({
      sequence: index + 1,
      step: 'S101',
      path: 'uplink',
      direction: 'from-server',
      outcome: 'done',
    } as const),
    ...{ at: Instant(0), detail: '&'.repeat(1_024) },
  }));
  for (let index = 0; index < 20; index++) {
    outgoing.notices.relay({ requestId: `r${index}`, journal: { step: steps } });
  }
  const counts: number[] = [];
  while (outgoing.notices.due || outgoing.waiting) {
    const cargo = outgoing.compose();
    const told = cargo.delayNotices?.delayNotice ?? [];
    if (told.length === 0) break;
    expect(bytesOf(cargo)).toBeLessThan(2 * 1_024 * 1_024);
    counts.push(told.length);
    outgoing.delivered(cargo, { nextPollSeconds: 0, devicesRevision: 0 });
  }
  expect(counts.length).toBeGreaterThan(4);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
});

/** @spec T2 */
test('a list of devices with long words of where they are goes up in parts that fit', () => {
  const devices = Array.from({ length: 200 }, (_, index) => ({
    revision: index + 1,
    change: { information: deviceInformation(`mfp-${index}`), placement: new Uint8Array(16_384) },
  }));
  const changes = new DeviceChanges({
    revision: () => devices.length,
    changedSince: (since, limit) => devices.filter(({ revision }) => revision > since).slice(0, limit),
    intermediaries: () => undefined,
  });
  changes.answered(0, undefined);
  const names: string[] = [];
  for (let part = changes.compose(); part !== undefined; part = changes.compose()) {
    expect(bytesOf({ devices: part })).toBeLessThan(2 * 1_024 * 1_024);
    expect(part.more === true).toBe(names.length + part.device.length < 200);
    names.push(...part.device.map(({ information }) => information.deviceId));
    changes.answered(part.revision, part);
  }
  expect(names).toEqual(devices.map(({ change }) => change.information.deviceId));
});

/** @spec R3 */
test('a delivery that no exchange could take is given up and counted, and the next one goes up', async () => {
  const { delivered, clock } = await startProcess({ directory: await temporaryDirectory() });
  const given: string[] = [];
  const deliveries = new Deliveries({
    ...{ store: delivered, name: 'site-a', most: 10, clock, entropy: seededEntropy(1), logger: silentLogger },
    onSettled: () => {},
    onGivenUp: (deliveryId) => given.push(deliveryId),
  });
  const value = { entries: { item: entries('&') } };
  const common = { deviceId: 'mfp-1', at: clock.now() };
  deliveries.add({ ...common, deliveryId: 'large', body: { kind: 'CollectLogsResponse', value } });
  const small = { entries: { item: [] } };
  deliveries.add({ ...common, deliveryId: 'small', body: { kind: 'CollectLogsResponse', value: small } });
  expect(deliveries.next()?.deliveryId).toBe('small');
  expect(given).toEqual(['large']);
  expect(delivered.getDropped()).toMatchObject([{ kind: 'CollectLogsResponse', count: 1 }]);
  expect(deliveries.next()?.body.kind).toBe('NotifyAbnormality');
});
