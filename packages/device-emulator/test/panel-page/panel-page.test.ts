import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { Instant, Milliseconds, PosternError, Seconds, systemClock } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import type { DeviceView } from '@postern/device-emulator';
import type { PageDevice } from '../../src/panel-page/page-device.ts';
import { openPanelPage } from '../../src/panel-page/panel-page.ts';
import { MOST_WATCHERS } from '../../src/panel-page/view-streams.ts';
import { afterwards } from '../support/temporary.ts';

const VIEW: DeviceView = {
  id: 'mfp-1',
  model: 'MFP',
  description: 'Printer',
  at: Instant(0),
  power: 'running',
  versions: { firmware: '1.0' },
  panel: ['Ready'],
  calling: false,
  calls: [],
  engine: { state: 'ready', busy: false, jammed: false },
  signals: [],
  jobs: [],
  jobKinds: ['copy'],
  counters: {},
  supplies: {},
  applications: [],
};

/** The page of one device that notes what is pressed. */
const prepared = async ({ names = [] as string[], fails = undefined as Error | undefined } = {}) => {
  const pressed: unknown[] = [];
  const noted =
    (key: string) =>
    (...given: unknown[]): never => {
      if (fails !== undefined) throw fails;
      pressed.push([key, ...given]);
      return undefined as never;
    };
  const shown = { view: VIEW };
  const device: PageDevice = {
    id: 'mfp-1',
    get view() {
      return shown.view;
    },
    callService: noted('callService'),
    orderUpdate: noted('orderUpdate'),
    pressEnergySaver: noted('pressEnergySaver'),
    pressStart: noted('pressStart'),
    cancelJob: noted('cancelJob'),
    trouble: noted('trouble'),
    mend: noted('mend'),
    refill: noted('refill'),
    powerOn: noted('powerOn'),
    powerOff: noted('powerOff'),
  };
  const clock = new VirtualClock(systemClock.now());
  const logger = memoryLogger();
  const page = await openPanelPage({
    devices: new Map([['mfp-1', device]]),
    host: '127.0.0.1',
    port: 0,
    names,
    clock,
    logger,
  });
  afterwards(() => page.close());
  return { page, pressed, shown, clock, logger };
};

type Prepared = Awaited<ReturnType<typeof prepared>>;

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const ask = async (
  { page }: Pick<Prepared, 'page'>,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
) => {
  const asking = request({ host: '127.0.0.1', port: page.port, path, method, headers, agent: false });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
};

const KEY = { 'content-type': 'application/json', 'x-postern-panel': '1' };
const press = (all: Prepared, key: string, body: unknown = {}, headers: Record<string, string> = KEY) =>
  ask(all, `/api/devices/mfp-1/keys/${key}`, { method: 'POST', headers, body: JSON.stringify(body) });

/** An open stream and what has come by it. */
const watch = async ({ page }: Pick<Prepared, 'page'>) => {
  const asking: ClientRequest = request({
    host: '127.0.0.1',
    port: page.port,
    path: '/api/devices/mfp-1/events',
    agent: false,
  });
  asking.on('error', () => {});
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  const stream = { status: response.statusCode, text: '', close: () => asking.destroy() };
  response.on('data', (text: string) => {
    stream.text += text;
  });
  response.on('error', () => {});
  const until = async (count: number): Promise<readonly DeviceView[]> => {
    for (;;) {
      const views = [...stream.text.matchAll(/^event: view\ndata: (.*)\n\n/gm)];
      if (views.length >= count) return views.map(([, data = '']) => JSON.parse(data) as DeviceView);
      await once(response, 'data');
    }
  };
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  return { status: stream.status, close: stream.close, until, ended };
};

/** @spec D1 */
describe('the page of the panels', () => {
  test('is served from files, lets nothing run but these, and is never cached', async () => {
    const all = await prepared();
    for (const path of [
      '/',
      '/devices/mfp-1',
      '/assets/device.js',
      '/assets/style.css',
      '/assets/icon.svg',
    ]) {
      const { status, headers, text } = await ask(all, path);
      expect([path, status, text.length > 100]).toEqual([path, 200, true]);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(headers['cache-control']).toBe('no-store');
      if (!path.startsWith('/assets')) expect(text).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
    }
  });

  test('lists devices by a part of their name, and tells of one', async () => {
    const all = await prepared();
    expect(JSON.parse((await ask(all, '/api/devices?name=fp-')).text)).toMatchObject({
      count: 1,
      devices: [{ id: 'mfp-1', line: 'Ready' }],
    });
    expect(JSON.parse((await ask(all, '/api/devices?name=tv')).text)).toEqual({ count: 0, devices: [] });
    expect(JSON.parse((await ask(all, '/api/devices/mfp-1')).text)).toEqual(VIEW);
  });

  test.each([
    '/devices/mfp-2',
    '/devices',
    '/assets/..%2fpackage.json',
    '/assets/missing.js',
    '/api/devices/mfp-2',
    '/api/devices/mfp-1/events/more',
    '/api/devices/mfp-1/other',
    '/%ff',
    '/api/devices/mfp-1/keys/mend',
  ])('has nothing at %s', async (path) => {
    const { status, text } = await ask(await prepared(), path);
    expect([status, JSON.parse(text)]).toEqual([404, expect.objectContaining({ code: 'panel-unknown' })]);
  });

  test('is asked for under names of its own only', async () => {
    const all = await prepared({ names: ['lab.example'] });
    const status = async (host: string) => (await ask(all, '/', { headers: { host } })).status;
    expect(await status('evil.example')).toBe(421);
    expect(await status('127.0.0.1.evil.example:80')).toBe(421);
    expect(await status('localhost:1234')).toBe(200);
    expect(await status('[::1]:1')).toBe(200);
    expect(await status('LAB.example')).toBe(200);
  });
});

/** @spec D1 D2 */
describe('keys', () => {
  test.each([
    ['call-service', { reason: 'Noise' }, ['callService', { reason: 'Noise' }]],
    ['call-service', {}, ['callService', { reason: '' }]],
    ['order-update', {}, ['orderUpdate']],
    ['energy-saver', {}, ['pressEnergySaver']],
    ['start', { kind: 'copy' }, ['pressStart', { kind: 'copy', units: 1 }]],
    ['cancel', { job: 3 }, ['cancelJob', 3]],
    ['trouble', { what: 'paper-jam' }, ['trouble', 'paper-jam']],
    ['mend', {}, ['mend']],
    ['refill', { supply: 'toner' }, ['refill', 'toner']],
    ['power', { on: true }, ['powerOn']],
    ['power', { on: false }, ['powerOff']],
  ])('are pressed: %s %j', async (key, body, expected) => {
    const all = await prepared();
    expect((await press(all, key, body)).status).toBe(200);
    expect(all.pressed).toEqual([expected]);
  });

  test.each([
    ['without the header of the page', { 'content-type': 'application/json' }],
    ['as a form', { ...KEY, 'content-type': 'text/plain' }],
    ['from another origin', { ...KEY, origin: 'http://evil.example' }],
    ['from another port of this machine', { ...KEY, origin: 'http://127.0.0.1:1' }],
    ['from another site, as the browser says', { ...KEY, 'sec-fetch-site': 'same-site' }],
  ])('are not pressed %s', async (_, headers) => {
    const all = await prepared();
    const { status, text } = await press(all, 'mend', {}, headers);
    expect([status, JSON.parse(text)]).toEqual([
      403,
      expect.objectContaining({ code: 'panel-press-refused' }),
    ]);
    expect(all.pressed).toEqual([]);
  });

  test.each([
    ['start', { kind: 'copy', units: 0 }],
    ['start', { units: 1 }],
    ['trouble', { what: 'fire' }],
    ['mend', { hard: true }],
    ['cancel', { job: '1' }],
    ['call-service', { reason: 'x'.repeat(201) }],
    ['call-service', { reason: 'x'.repeat(5_000) }],
    ['power', null],
  ])('do not take what is not theirs: %s %j', async (key, body) => {
    const all = await prepared();
    const { status, text } = await press(all, key, body);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      expect.objectContaining({ code: 'panel-request-invalid' }),
    ]);
    expect(all.pressed).toEqual([]);
  });

  test('tell why the device would not, and nothing of what went wrong inside', async () => {
    const refused = await prepared({ fails: new PosternError('engine-queue-full', 'Too many jobs') });
    expect(await press(refused, 'start', { kind: 'copy' })).toMatchObject({
      status: 409,
      text: '{"code":"engine-queue-full","message":"Too many jobs"}',
    });
    const broken = await prepared({ fails: new Error('secret path') });
    expect(await press(broken, 'mend')).toMatchObject({
      status: 500,
      text: '{"code":"internal-error","message":"See the log"}',
    });
    expect(broken.logger.lines).toHaveLength(1);
  });
});

describe('a view that is watched', () => {
  test('comes at once and with changes, of which many are told as one', async () => {
    const all = await prepared();
    const watched = await watch(all);
    expect(await watched.until(1)).toEqual([VIEW]);
    for (const line of ['One', 'Two', 'Three']) {
      all.shown.view = { ...VIEW, panel: [line] };
      all.page.changed('mfp-1');
    }
    all.page.changed('mfp-of-nobody');
    await all.clock.advance(Milliseconds(100));
    expect((await watched.until(2)).map(({ panel }) => panel)).toEqual([['Ready'], ['Three']]);
    await all.clock.advance(Seconds(1));
    expect(await watched.until(2)).toHaveLength(2);
  });

  test('is told to so many, and costs no timer when nobody looks', async () => {
    const all = await prepared();
    const watchers = await Promise.all(Array.from({ length: MOST_WATCHERS }, () => watch(all)));
    expect((await watch(all)).status).toBe(503);
    const [first] = watchers;
    first?.close();
    while ((await watch(all)).status === 503) await new Promise((resolve) => setImmediate(resolve));
    await all.page.close();
    await Promise.all(watchers.slice(1).map(({ ended }) => ended));
    expect(all.clock.pending).toBe(0);
  });
});

test('an address that is taken is told', async () => {
  const { page } = await prepared();
  const again = openPanelPage({
    devices: new Map(),
    host: '127.0.0.1',
    port: page.port,
    names: [],
    clock: systemClock,
    logger: memoryLogger(),
  });
  await expect(again).rejects.toMatchObject({ code: 'panel-page-unusable' });
});
