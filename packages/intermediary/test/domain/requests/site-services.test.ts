import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant, Seconds } from '@postern/core';
import { temporaryDirectory } from '../../support/directory.ts';
import { UPDATER } from '../../support/process.ts';
import { never, request, requestingSite } from '../../support/requesting-site.ts';
import { deviceInformation, START } from '../../support/software.ts';

const start = async (directory?: string) =>
  requestingSite({ directory: directory ?? (await temporaryDirectory()), call: never });

type Site = Awaited<ReturnType<typeof start>>;

let next = 0;

/** What the intermediary itself answers. */
const answer = async (site: Site, body: uplink.RequestBody): Promise<uplink.ResponseBody | undefined> => {
  const requestId = `own-${next++}`;
  site.take(request(requestId, body, Seconds(60), UPDATER));
  await site.settle();
  return site.exchange().responses.find((response) => response.requestId === requestId)?.body;
};

const code = async (site: Site, body: uplink.RequestBody): Promise<unknown> => {
  const answered = await answer(site, body);
  return answered?.kind === 'Failure' ? answered.value.code : answered?.kind;
};

const parameters = (values: Record<string, string>): uplink.RequestBody => ({
  kind: 'SetParameters',
  value: { parameters: { item: Object.entries(values).map(([name, value]) => ({ name, value })) } },
});

/** @spec I1 X6 */
test('polling is changed at run time, and stays so for the next process', async () => {
  const directory = await temporaryDirectory();
  const site = await start(directory);
  const polling = (holdSeconds: number, intervalSeconds: number): uplink.RequestBody => ({
    kind: 'SetPolling',
    value: { holdSeconds, intervalSeconds },
  });
  expect(await code(site, polling(0, 300))).toBe('SetPollingResponse');
  expect(site.changes).toEqual(['settings']);
  expect(await code(site, polling(0, 0))).toBe('parameter-invalid');
  expect(await code(site, polling(3_600, 0))).toBe('parameter-invalid');
  const following = await start(directory);
  expect([following.settings.get('polling.hold'), following.settings.get('polling.interval')]).toEqual([
    0, 300,
  ]);
});

/** @spec I1 I3 */
test('its parameters are set all or none, and listed', async () => {
  const site = await start();
  expect(await code(site, parameters({ 'requests.tries': '9', 'polling.hold': '111' }))).toBe(
    'parameter-invalid',
  );
  expect(await code(site, parameters({ 'requests.tries': '9', colour: 'red' }))).toBe('parameter-unknown');
  expect(await code(site, parameters({ 'requests.tries': '-1' }))).toBe('parameter-invalid');
  expect(site.settings.get('requests.tries')).toBe(3);
  expect(await answer(site, parameters({ 'requests.tries': '9' }))).toEqual({
    kind: 'SetParametersResponse',
    value: { parameters: { item: [{ name: 'requests.tries', value: '9' }] } },
  });
  const all = await answer(site, { kind: 'GetParameters', value: {} });
  expect(all).toMatchObject({
    value: { parameters: { item: expect.arrayContaining([{ name: 'requests.tries', value: '9' }]) } },
  });
  expect(await code(site, { kind: 'GetParameters', value: { names: { name: ['colour'] } } })).toBe(
    'parameter-unknown',
  );
});

/** @spec I1 I2 */
test('its own log is collected by time and level, the newest lines', async () => {
  const site = await start();
  site.log.add({ at: Instant(0), level: 'error', message: 'pushed out' });
  site.log.add({ at: START, level: 'debug', message: 'one' });
  site.log.add({ at: START, level: 'warn', message: 'two' });
  site.log.add({ at: Instant(START + 1), level: 'error', message: 'three' });
  const collected = async (value: Extract<uplink.RequestBody, { kind: 'CollectLogs' }>['value']) => {
    const logs = await answer(site, { kind: 'CollectLogs', value });
    return logs?.kind === 'CollectLogsResponse'
      ? logs.value.entries.item.map(({ message }) => message)
      : logs;
  };
  expect(await collected({})).toEqual(['one', 'two', 'three']);
  expect(await collected({ minimumLevel: 'warn' })).toEqual(['two', 'three']);
  expect(await collected({ limit: 1 })).toEqual(['three']);
  expect(await collected({ since: Instant(START + 1) })).toEqual(['three']);
});

/** @spec I2 */
test('it counts, lives and says what it is', async () => {
  const site = await start();
  expect(await answer(site, { kind: 'GetCounters', value: { names: { name: ['polls'] } } })).toMatchObject({
    value: { counters: { item: [{ name: 'polls', value: 7 }] } },
  });
  expect(await code(site, { kind: 'GetCounters', value: { names: { name: ['toString'] } } })).toBe(
    'counter-unknown',
  );
  expect(await answer(site, { kind: 'ConfirmAlive', value: {} })).toMatchObject({
    value: { startedAt: START },
  });
  expect(await answer(site, { kind: 'GetDeviceInformation', value: {} })).toMatchObject({
    value: { device: { deviceId: UPDATER } },
  });
  expect(await code(site, { kind: 'ListFiles', value: {} })).toBe('not-supported-yet');
});

/** @spec I4 */
test('on the spot the same is done, of devices and of itself; nothing of it is stored', async () => {
  const site = await requestingSite({
    directory: await temporaryDirectory(),
    call: async (_deviceId, { kind }) =>
      kind === 'DeleteFile'
        ? { kind: 'Failure', value: { code: 'file-unknown', message: 'No such file' } }
        : { kind: 'GetCountersResponse', value: { counters: { item: [] } } },
  });
  site.registered.register(deviceInformation('mfp-1'), '192.0.2.1', START);
  const { signal } = new AbortController();
  const ask = (target: string, body: uplink.RequestBody) => site.ask(target, body, Seconds(60), signal);
  expect(await ask('mfp-1', { kind: 'GetCounters', value: {} })).toMatchObject({
    kind: 'GetCountersResponse',
  });
  await expect(ask('mfp-1', { kind: 'DeleteFile', value: { name: 'a' } })).rejects.toMatchObject({
    code: 'file-unknown',
  });
  expect(await ask(UPDATER, parameters({ 'requests.tries': '9' }))).toMatchObject({
    kind: 'SetParametersResponse',
  });
  expect(site.changes).toEqual(['settings']);
  await expect(ask('mfp-1', { kind: 'SetSchedule', value: { entry: [] } })).rejects.toMatchObject({
    code: 'not-supported-yet',
  });
  expect([site.requests.countOpen(), site.requests.waiting()]).toEqual([0, []]);
});
