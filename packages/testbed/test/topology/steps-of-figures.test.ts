import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { type RealTopology, startTopology } from '@postern/testbed';
import { keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, PRINTER } from '../support/printer-site.ts';

const SITE = 'site-a';

keepForFile();

let topology: RealTopology;

beforeAll(async () => {
  topology = await startTopology({
    directory: await temporaryDirectory(),
    taps: true,
    sites: [
      {
        name: SITE,
        devices: [{ id: PRINTER, firmware: FACTORY, callTimeout: 3 }],
        intermediary: {
          uplink: { exchangeTimeout: 2, firstPause: 0.05, longestPause: 0.1 },
          calls: { answerWithin: 1 },
        },
      },
    ],
  });
  await topology.operator.devicesKnown([PRINTER]);
});

afterAll(() => topology?.close());

/** What is tried again and again, once. */
const once = (steps: readonly string[]): readonly string[] =>
  steps.filter((step, at) => steps.indexOf(step) === at);

const panel = (): readonly string[] => topology.device(PRINTER).panel;

/** @spec R1 R5 D4 */
test('Fig 10: the server reads the counters, step by step', async () => {
  const { steps, operator } = topology;
  const job = topology.emulated(PRINTER).startJob({ kind: 'copy', units: 1 });
  job.end();
  await job.ended;
  const { client } = operator;
  const order = await client.orderRequests({ kind: 'GetCounters', targets: [PRINTER] });
  expect(await client.order(order.id, Seconds(30))).toMatchObject({ ended: true, states: { answered: 1 } });
  const [request] = await client.listRequests({ order: order.id });
  expect(request?.answer).toMatchObject({
    counters: expect.arrayContaining([{ name: 'copied-pages', value: 1 }]),
  });
  // The poll that carried the response goes on to ask for more; what was before the request is somebody else's.
  const sent = steps.all.lastIndexOf('S602 server');
  expect(steps.all[steps.all.slice(0, sent).findLastIndex((step) => step.startsWith('S6'))]).toBe(
    `S601 ${SITE}`,
  );
  const [last] = steps.all.slice(sent).filter((step) => step === `S608 ${SITE}`);
  expect(last).toBeDefined();
  const path = steps.all.slice(sent, sent + steps.all.slice(sent).indexOf(`S608 ${SITE}`) + 1);
  expect(path.filter((step) => step !== `S601 ${SITE}`)).toEqual([
    'S602 server',
    `S603 ${SITE}`,
    `S604 ${PRINTER}`,
    `S605 ${PRINTER}`,
    `S606 ${PRINTER}`,
    `S607 ${PRINTER}`,
    `S608 ${SITE}`,
  ]);
});

describe('Fig 11', () => {
  /** @spec R3 R6 D1 D4 */
  test('A: the server answers the call, and the panel shows it', async () => {
    const { callId, outcome } = await topology.device(PRINTER).callService({ reason: 'paper is everywhere' });
    expect(outcome).toBe('succeeded');
    expect(topology.steps.of(callId)).toEqual([
      `S701 ${PRINTER}`,
      `S702 ${PRINTER}`,
      `S703 ${PRINTER}`,
      `S704 ${SITE}`,
      'S705 server',
      `S706 ${SITE}`,
      `S707 ${PRINTER}`,
      `S708 ${PRINTER}`,
    ]);
    const [notice] = await topology.operator.client.listNotices({ kind: 'UserCall' });
    expect(notice).toMatchObject({ deviceId: PRINTER, route: [SITE], missed: false });
  });

  /** @spec R7 */
  test('B: the server is silent, and the intermediary answers; the call comes up later as a missed one', async () => {
    const { firewall } = topology.lan(SITE);
    firewall.cut();
    const { callId, outcome } = await topology.device(PRINTER).callService({ reason: 'still' });
    expect(outcome).toBe('failed');
    expect(once(topology.steps.of(callId))).toEqual([
      `S701 ${PRINTER}`,
      `S702 ${PRINTER}`,
      `S703 ${PRINTER}`,
      `S704 ${SITE}`,
      `S709 ${SITE}`,
      `S710 ${PRINTER}`,
      `S711 ${PRINTER}`,
    ]);
    const shown = panel().length;
    firewall.restore();
    const { operator } = topology;
    await operator.until('the missed call came up', async () =>
      (await operator.client.listNotices({ kind: 'UserCall' })).some(({ missed }) => missed),
    );
    await operator.until('the panel shows that it came up', () => panel().length > shown);
  }, 90_000);

  /** @spec R8 */
  test('C: the intermediary is silent, and the device gives up by itself', async () => {
    const { secureFirewall } = topology.lan(SITE).callTaps;
    secureFirewall.blackhole();
    const { callId, outcome } = await topology.device(PRINTER).callService({ reason: 'anybody?' });
    secureFirewall.restore();
    expect(outcome).toBe('unanswered');
    expect(topology.steps.of(callId).slice(0, 5)).toEqual([
      `S701 ${PRINTER}`,
      `S702 ${PRINTER}`,
      `S703 ${PRINTER}`,
      `S712 ${PRINTER}`,
      `S713 ${PRINTER}`,
    ]);
  });
});
