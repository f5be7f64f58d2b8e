import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HostileInputs } from './hostile-input.ts';
import { type HostileSite, startHostileSite } from './hostile-site.ts';
import { deviceFtpInputs } from './inputs/device-ftp.ts';
import { deviceSoapInputs } from './inputs/device-soap.ts';
import { intermediaryInputs } from './inputs/intermediary.ts';
import { noticeInputs } from './inputs/notice.ts';
import { operatorInputs } from './inputs/operator.ts';
import { restInputs } from './inputs/rest.ts';
import { uplinkInputs } from './inputs/uplink.ts';
import { storedState } from './stored-state.ts';

const LISTENERS: readonly HostileInputs[] = [
  uplinkInputs,
  intermediaryInputs,
  noticeInputs,
  deviceSoapInputs,
  deviceFtpInputs,
  restInputs,
  operatorInputs,
];

let site: HostileSite;
let before: Awaited<ReturnType<typeof storedState>>;
const processes = (): readonly (number | undefined)[] =>
  [site.site.server, site.site.intermediary, site.site.fleet].map(({ pid }) => pid);
let started: readonly (number | undefined)[];

beforeAll(async () => {
  site = await startHostileSite();
  started = processes();
  for (const { good } of LISTENERS) await good.send(site);
  before = await storedState(site);
}, 60_000);

afterAll(() => site?.close());

/** @spec A1 X1 X3 U14 B1 */
describe.each(LISTENERS.map((listener) => [listener.listener, listener] as const))(
  'bad input to %s',
  (_listener, { inputs, good }) => {
    it.each(inputs.map((input) => [input.name, input] as const))('%s', async (_name, input) => {
      expect(await input.send(site)).toBe(input.expect);
      expect(await good.send(site)).toBe(good.expect);
      expect(await storedState(site)).toEqual(before);
    });
  },
);

describe('after all of it', () => {
  it('the same processes run', () => {
    expect(processes()).toEqual(started);
    for (const pid of started) expect(process.kill(pid ?? 0, 0)).toBe(true);
  });

  it.each(['server', 'intermediary', 'devices'])(
    'the log of the %s knows of nothing unexpected',
    async (tier) => {
      const { topology, files } = site.site;
      const { processDirectory } = tier === 'server' ? topology.files : files;
      const log = await readFile(join(processDirectory, `${tier}.log`), 'utf8');
      // Refusals are warnings; there were many.
      expect(log).toContain('"level":40');
      const unexpected = log
        .split('\n')
        .filter((line) => /"level":"?(error|fatal|50|60)|Unhandled|Uncaught/.test(line));
      expect(unexpected).toEqual([]);
      expect(log).not.toContain(site.password);
      expect(log).not.toContain(site.token);
    },
  );
});
