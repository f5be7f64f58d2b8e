import { expect, test } from '@jest/globals';
import { type types, type uplink, uplinkContract } from '@postern/contracts';
import { Instant } from '@postern/core';
import { defaultListenerLimits } from '@postern/soap-rpc';
import { logReading } from '../../../src/domain/local/collect-new-logs.ts';
import type { LogMark } from '../../../src/domain/local/ports.ts';
import type { Cargo } from '../../../src/domain/uplink/outgoing.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';

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
