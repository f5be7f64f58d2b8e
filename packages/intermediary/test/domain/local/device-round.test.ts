import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant, PosternError } from '@postern/core';
import type { DeviceCall } from '../../../src/domain/requests/ask-device.ts';
import { composedSite } from '../../support/composed-site.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { never } from '../../support/requesting-site.ts';
import { START } from '../../support/software.ts';

const counting: DeviceCall = async (deviceId) => ({
  kind: 'GetCountersResponse',
  value: { counters: { item: [{ name: 'copies', value: deviceId.length }] } },
});

type Entry = Extract<
  uplink.ResponseBody,
  { kind: 'CollectLogsResponse' }
>['value']['entries']['item'][number];

/** A device with a log: it gives what was written at or after the time that is asked for. */
const logging = () => {
  const entries: Entry[] = [];
  const asked: (number | undefined)[] = [];
  const call: DeviceCall = async (_, { kind, value }) => {
    const since = kind === 'CollectLogs' ? value.since : undefined;
    asked.push(since);
    const item = entries.filter(({ at }) => since === undefined || at >= since);
    return { kind: 'CollectLogsResponse', value: { entries: { item } } };
  };
  const write = (at: number, message: string): void => {
    entries.push({ at: Instant(START + at), level: 'info', message });
  };
  return { call, write, asked };
};

const every = (task: 'collect-logs' | 'read-counters', seconds: number) => ({
  schedule: [{ task, expression: `every ${seconds}` }],
});

const messagesOf = ({ body }: uplink.Deliver): unknown =>
  body.kind === 'CollectLogsResponse' ? body.value.entries.item.map(({ message }) => message) : body.kind;

/** @spec I2 I3 */
test('counters of all active devices go up, a delivery each; who is silent is passed over and logged once', async () => {
  let silent = true;
  const site = await composedSite({
    directory: await temporaryDirectory(),
    devices: ['mfp-1', 'mfp-22', 'mfp-333', 'mfp-4444'],
    config: every('read-counters', 600),
    callDevice: async (deviceId, request, signal) => {
      if (deviceId === 'mfp-22' && silent) throw new PosternError('unreachable', 'Silence');
      if (deviceId === 'mfp-333') {
        return { kind: 'Failure', value: { code: 'device-busy', message: 'Not now' } };
      }
      return counting(deviceId, request, signal);
    },
  });
  site.domain.operations.release('mfp-4444');
  const overs = () =>
    site.logger.lines.flatMap(({ message, fields }) =>
      message === 'A device was passed over' ? [`${fields['device']} ${fields['code']}`] : [],
    );
  await site.pass(700);
  expect(site.delivered).toMatchObject([
    {
      deviceId: 'mfp-1',
      body: { kind: 'GetCountersResponse', value: { counters: { item: [{ name: 'copies', value: 5 }] } } },
      at: START + 600_000,
    },
  ]);
  expect(overs()).toEqual(['mfp-333 device-busy', 'mfp-22 device-unreachable']);
  await site.pass(600);
  expect([site.delivered.length, overs().length]).toEqual([2, 2]);
  silent = false;
  await site.pass(600);
  expect(site.delivered.slice(2).map(({ deviceId }) => deviceId)).toEqual(['mfp-1', 'mfp-22']);
  expect(new Set(site.delivered.map(({ deliveryId }) => deliveryId)).size).toBe(4);
});

/** @spec I2 I3 X6 */
test('of a log goes up what is new, also over a restart; nothing where there is nothing', async () => {
  const directory = await temporaryDirectory();
  const device = logging();
  const config = every('collect-logs', 60);
  device.write(0, 'one');
  device.write(5, 'two');
  const first = await composedSite({ directory, config, callDevice: device.call });
  await first.pass(70);
  device.write(5, 'within the same millisecond');
  device.write(9, 'three');
  await first.pass(180);
  expect(first.delivered.map(messagesOf)).toEqual([
    ['one', 'two'],
    ['within the same millisecond', 'three'],
  ]);
  expect(device.asked).toEqual([undefined, START + 5, START + 9, START + 9]);
  await first.close();

  const second = await composedSite({ directory, config, callDevice: device.call, clock: first.clock });
  await second.pass(60);
  device.write(12, 'four');
  await second.pass(60);
  expect(second.delivered.map(messagesOf)).toEqual([['four']]);
});

/** @spec I3 X6 */
test('what could not be stored for the node above is collected again', async () => {
  const device = logging();
  device.write(0, 'one');
  let full = true;
  const site = await composedSite({
    directory: await temporaryDirectory(),
    config: every('collect-logs', 60),
    callDevice: device.call,
    stores: (stores) => ({
      ...stores,
      logMarks: {
        ...stores.logMarks,
        save: (...mark) => {
          stores.logMarks.save(...mark);
          // The disk is full when all is to be committed.
          if (full) throw new PosternError('storage-full', 'No room');
        },
      },
    }),
  });
  await site.pass(70);
  expect([site.delivered, site.stores.deliveries.count(), site.stores.logMarks.find('mfp-1')]).toEqual([
    [],
    0,
    undefined,
  ]);
  full = false;
  await site.pass(60);
  expect(site.delivered.map(messagesOf)).toEqual([['one']]);
});

/** @spec I3 */
test('while the node above is silent a round waits, and leaves half of the queue to the devices', async () => {
  let down = true;
  const devices = Array.from({ length: 9 }, (_, at) => `mfp-${at}`);
  const site = await composedSite({
    directory: await temporaryDirectory(),
    devices,
    config: { ...every('read-counters', 60), notices: { mostWaiting: 8 }, requests: { concurrency: 1 } },
    callDevice: counting,
    isDown: () => down,
  });
  await site.pass(600);
  expect(site.stores.deliveries.count()).toBe(4);
  expect(site.logger.lines.map(({ message }) => message)).toContain(
    'A scheduled task is still going, and is not begun again',
  );
  down = false;
  await site.pass(120);
  const names = site.delivered.map(({ deviceId }) => deviceId);
  expect(names.slice(0, 9)).toEqual(devices);
});

/** @spec I3 */
test('a round ends when the intermediary is closed, and no device is asked any more', async () => {
  const asked: string[] = [];
  const site = await composedSite({
    directory: await temporaryDirectory(),
    devices: ['mfp-1', 'mfp-2'],
    config: { ...every('read-counters', 60), requests: { concurrency: 1 } },
    callDevice: (deviceId, request, signal) => {
      asked.push(deviceId);
      return never(deviceId, request, signal);
    },
  });
  await site.pass(61);
  await site.close();
  await site.pass(600);
  expect(asked).toEqual(['mfp-1']);
});
