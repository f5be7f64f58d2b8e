import { Seconds } from '@postern/core';
import type { RequestView, UpdateView } from '@postern/management-server/client';
import { type LanPlan, type RealTopology, startTopology } from '@postern/testbed';
import { temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, imageOf } from '../support/printer-site.ts';

/** Pauses of a site in a hurry. */
export const QUICK = {
  uplink: { hold: 10, firstPause: 0.05, longestPause: 0.2 },
  policy: { transferTries: 5, retryPause: 0.05, longestPause: 0.2, restartTimeout: 20 },
  calls: { answerWithin: 5 },
};

const device = (id: string, profile: string) => ({ id, profile, firmware: FACTORY });

/** Fig 1 at once: A one intermediary, B a cascade of three, C a car with the intermediary built in. */
export const FIGURE_1: readonly LanPlan[] = [
  { name: 'site-a', devices: [device('printer-1', 'printer')], intermediary: QUICK },
  {
    name: 'site-b',
    devices: [device('vending-1', 'vending-machine')],
    intermediary: QUICK,
    below: [
      {
        name: 'floor-2',
        devices: [device('fridge-1', 'refrigerator')],
        intermediary: QUICK,
        below: [{ name: 'room-21', devices: [device('meter-1', 'utility-meter')], intermediary: QUICK }],
      },
    ],
  },
  {
    name: 'car-1-function',
    carrier: 'car-1',
    devices: [device('car-1', 'automobile'), device('television-1', 'television')],
    intermediary: QUICK,
  },
];

/** Where each device of Fig 1 is: the intermediaries between it and the server, the one that polls the server first. */
export const WAYS: Readonly<Record<string, readonly string[]>> = {
  'printer-1': ['site-a'],
  'vending-1': ['site-b'],
  'fridge-1': ['site-b', 'floor-2'],
  'meter-1': ['site-b', 'floor-2', 'room-21'],
  'car-1': ['car-1-function'],
  'television-1': ['car-1-function'],
};

/** Starts the sites of Fig 1; the server knows all devices. */
export const startFigure1 = async (): Promise<RealTopology> => {
  const topology = await startTopology({ directory: await temporaryDirectory(), sites: FIGURE_1 });
  await topology.operator.devicesKnown(topology.deviceIds);
  return topology;
};

let counter = 1;

/** Orders an update of a device to a release that nothing has yet. */
export const orderUpdate = async (topology: RealTopology, deviceId: string): Promise<UpdateView> => {
  counter += 1;
  const { operator } = topology;
  const { model } = await operator.client.device(deviceId);
  const version = `${counter}.0.0`;
  const release = { model, version, releaseCounter: counter, content: imageOf(version, 100_000) };
  return operator.order(deviceId, await operator.register(release), Seconds(300));
};

/** Asks a device for its counters and waits for what comes of it. */
export const readCounters = async (
  topology: RealTopology,
  deviceId: string,
): Promise<() => Promise<RequestView | undefined>> => {
  const { client } = topology.operator;
  const order = await client.orderRequests({
    kind: 'GetCounters',
    targets: [deviceId],
    deadlineSeconds: 300,
  });
  return async () => {
    await topology.operator.until('the order has ended', async () => (await client.order(order.id)).ended);
    const [request] = await client.listRequests({ order: order.id });
    return request;
  };
};

/** What the server has of a call, however often it came. */
export const noticesOf = async (topology: RealTopology, callId: string) => {
  const notices = await topology.operator.client.listNotices({ kind: 'UserCall' });
  return notices.filter(({ content }) => (content as { callId?: string }).callId === callId);
};
