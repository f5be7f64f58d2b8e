import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { type DemoEvent, DemoProcess } from '../support/demo-process.ts';
import { writeLargeFile } from '../support/large-file.ts';
import { allGone, processesOf, temporaryFiles } from '../support/leftovers.ts';

const MIB = 1_048_576;
const LIMIT = 60_000;

/** A demo that is gone when the test ends, however it ends. */
const startDemo = (state: string, ...options: readonly string[]): DemoProcess => {
  const demo = new DemoProcess(state, ...options);
  afterwards(async () => {
    demo.kill();
    await allGone(state);
  });
  return demo;
};

/** An unfinished image is no temporary file: the next run goes on with it. */
const leftovers = async (state: string): Promise<readonly string[]> =>
  (await temporaryFiles(state)).filter((name) => !name.endsWith('.partial'));

const MOMENTS: readonly { readonly name: string; readonly event: DemoEvent }[] = [
  { name: 'before everything runs', event: { event: 'started', tier: 'server' } },
  { name: 'in mid-transfer', event: { event: 'step', step: 'S111', outcome: 'started' } },
  { name: 'when the update is done', event: { event: 'running' } },
];

it.each(MOMENTS)(
  'Ctrl-C $name ends the demo and all its processes',
  async ({ event }) => {
    const directory = await temporaryDirectory();
    const state = join(directory, 'state');
    const image = await writeLargeFile(join(directory, 'image'), 64 * MIB);
    const demo = startDemo(state, '--image', image.path);
    await demo.event(event);
    demo.interrupt();
    expect(await demo.ended).toBe(0);
    expect(await processesOf(state)).toEqual([]);
    expect(await leftovers(state)).toEqual([]);
  },
  LIMIT,
);

it(
  'kill -9 of the demo ends its processes too: they see that it is gone',
  async () => {
    const state = join(await temporaryDirectory(), 'state');
    const demo = startDemo(state);
    await demo.event({ event: 'running' });
    expect(await processesOf(state)).toHaveLength(4);
    demo.kill();
    expect(await demo.ended).toBe('SIGKILL');
    await allGone(state);
    expect(await leftovers(state)).toEqual([]);
  },
  LIMIT,
);

/** @spec X6 */
it(
  'a second run goes on with the state of a first one that was interrupted in mid-transfer',
  async () => {
    const directory = await temporaryDirectory();
    const state = join(directory, 'state');
    const image = await writeLargeFile(join(directory, 'image'), 64 * MIB);
    const first = startDemo(state, '--image', image.path);
    await first.event({ event: 'step', step: 'S111', outcome: 'started' });
    first.interrupt();
    await first.ended;

    const second = startDemo(state, '--once', '--image', image.path);
    expect(await second.event({ event: 'resumed-update-finished' })).toMatchObject({ state: 'verified' });
    expect(await second.event({ event: 'update-ordered' })).toMatchObject({ version: '1.0.2' });
    expect(await second.event({ event: 'update-finished' })).toMatchObject({ state: 'verified' });
    expect(await second.ended).toBe(0);

    const third = startDemo(state, '--once');
    expect(await third.event({ event: 'update-ordered' })).toMatchObject({ version: '1.0.3' });
    expect(await third.event({ event: 'step', step: 'S108', outcome: 'done' })).toMatchObject({
      detail: 'firmware 1.0.2',
    });
    expect(await third.ended).toBe(0);
    expect(await processesOf(state)).toEqual([]);
    expect(await leftovers(state)).toEqual([]);
  },
  2 * LIMIT,
);
