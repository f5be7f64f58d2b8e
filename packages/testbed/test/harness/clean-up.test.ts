import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type ForeignIntermediary,
  type LanPlan,
  RealTopology,
  startTopology,
  withTopology,
} from '@postern/testbed';
import { processesOf } from '../support/leftovers.ts';
import { FACTORY, PRINTER } from '../support/printer-site.ts';

/** Temporary directories of topologies are made in here. */
let temporary: string;
const { TMPDIR } = process.env;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'postern-clean-up-'));
  process.env['TMPDIR'] = temporary;
});
afterAll(async () => {
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  await rm(temporary, { recursive: true });
});

/** What keeps a process from ending: sockets, listeners, timers. Those of the runner were there before. */
const open = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCP|Pipe|Process|Timeout)/.test(kind));
let before = 0;
beforeEach(() => {
  before = open().length;
});

afterEach(async () => {
  expect(await readdir(temporary)).toEqual([]);
  expect(await processesOf(temporary)).toEqual([]);
});

const LISTENING = { name: 'site-a', devices: [{ id: PRINTER, firmware: FACTORY }] };

/** Nobody takes a connection there any more. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const portsOf = (topology: RealTopology): readonly number[] => {
  const { intermediary, firewall } = topology.lan('site-a');
  const { securePort, noticePort } = intermediary.ready;
  const { uplinkPort, restPort } = topology.server.ready;
  return [uplinkPort, restPort, securePort, noticePort, firewall.wanPort];
};

describe.each(['in-process', 'processes'] as const)('a topology that runs %s', (run) => {
  test('leaves no process, port, socket or file when its scope ends', async () => {
    let ports: readonly number[] = [];
    {
      await using topology = await startTopology({ run, sites: [LISTENING] });
      ports = portsOf(topology);
      await topology.operator.devicesKnown([PRINTER]);
    }
    expect(open().length).toBeLessThanOrEqual(before);
    expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true));
  }, 60_000);

  test('leaves none when a part cannot start', async () => {
    const parts: ForeignIntermediary[] = [];
    const broken: LanPlan = {
      name: 'site-b',
      foreignIntermediary: async (part) => {
        parts.push(part);
        throw new Error('mine does not start');
      },
    };
    const starting = startTopology({ run, sites: [LISTENING, broken] });
    await expect(starting).rejects.toThrow('mine does not start');
    expect(open().length).toBeLessThanOrEqual(before);
    const [part] = parts;
    expect(await isFree(Number(new URL(part?.uplinkUrl ?? '').port))).toBe(true);
  }, 60_000);

  test('leaves none when the plan cannot be', async () => {
    await expect(startTopology({ run, sites: [LISTENING, LISTENING] })).rejects.toMatchObject({
      code: 'plan-invalid',
    });
  });

  test('leaves none when the test throws', async () => {
    const work = withTopology({ run, sites: [] }, async () => {
      throw new Error('the test fails');
    });
    await expect(work).rejects.toThrow('the test fails');
    expect(open().length).toBeLessThanOrEqual(before);
  }, 60_000);
});

test('a foreign part is ended with the topology, once, after the devices', async () => {
  const ended: string[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const topology = await startTopology({
    foreignServer: async ({ host }) => ({
      uplink: { host, port },
      close: async () => void ended.push('server'),
    }),
    sites: [
      {
        name: 'site-a',
        foreignIntermediary: async () => ({
          ...{ securePort: port, noticePort: port },
          close: async () => void ended.push('site-a'),
        }),
      },
    ],
  });
  await topology.close();
  await topology.close();
  server.close();
  expect(ended).toEqual(['site-a', 'server']);
});

test('a start that is given up ends a foreign part that comes late, and waits for none', async () => {
  let come: (part: { securePort: number; noticePort: number; close: () => Promise<void> }) => void = () => {};
  let ended = 0;
  const directory = await mkdtemp(join(temporary, 'given-up-'));
  let ask: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const topology = new RealTopology({
    ...{ run: 'in-process', directory },
    sites: [
      {
        name: 'site-a',
        foreignIntermediary: () => {
          ask();
          return new Promise((resolve) => {
            come = resolve;
          });
        },
      },
    ],
  });
  const starting = topology.start();
  await asked;
  await Promise.all([topology.close(), expect(starting).rejects.toMatchObject({ code: 'cancelled' })]);
  come({
    ...{ securePort: 1, noticePort: 1 },
    close: async () => {
      ended += 1;
    },
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(1);
  await rm(directory, { recursive: true });
});

test('what is foreign is not broken, stopped or looked into by the harness', async () => {
  const listening = async () => ({ securePort: 1, noticePort: 1 });
  await using topology = await startTopology({
    sites: [{ name: 'site-a', foreignIntermediary: listening, foreignDevices: ['mine-1'] }],
  });
  const NOT_OURS = expect.objectContaining({ code: 'not-ours' });
  const { faults } = topology;
  for (const reach of [
    () => faults.tier('site-a'),
    () => faults.device('mine-1'),
    () => topology.device('mine-1'),
  ]) {
    expect(reach).toThrow(NOT_OURS);
  }
  await using other = await startTopology({
    foreignServer: async ({ host }) => ({ uplink: { host, port: 1 } }),
    sites: [],
  });
  expect(() => other.operator).toThrow(NOT_OURS);
  expect(() => other.faults.tier('server')).toThrow(NOT_OURS);
  // The lines are ours, whoever calls through them.
  faults.line('site-a').cut();
});
