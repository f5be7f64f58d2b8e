import { expect, test } from '@jest/globals';
import { OPERATORS_LINES, operatorsLine } from '../../src/namespaces/addresses.ts';
import { runCommand, tryCommand } from '../../src/namespaces/command.ts';
import { afterwards } from '../support/afterwards.ts';
import { untilGone } from '../support/leftovers.ts';
import { FACTORY, PRINTER } from '../support/printer-site.ts';
import { orderUpdate, QUICK } from '../topology/figure-1.ts';
import { startInNamespaces } from './kernel-topology.ts';
import { emptied, StarterProcess } from './starter-process.ts';

const start = (): StarterProcess => {
  const starter = new StarterProcess();
  afterwards(async () => starter.kill());
  return starter;
};

/** The lines from this machine to servers in namespaces. */
const isThere = (device: string): boolean => tryCommand(['ip', 'link', 'show', device]).status === 0;
const addressesOf = (server: string): string =>
  runCommand(['ip', '-o', 'address', 'show', 'to', `${server}/29`]);

test('what kill -9 leaves ends by itself, and nothing of another run with it', async () => {
  const living = await startInNamespaces([
    { name: 'site-a', devices: [{ id: PRINTER, firmware: FACTORY }], intermediary: QUICK },
  ]);
  const { host } = living.ground.place({ role: 'server', name: 'server' });
  const other = addressesOf(host);
  expect(other).not.toBe('');

  const killed = start();
  const server = await killed.ready();
  const namespaces = killed.namespaces();
  expect(new Set(namespaces).size).toBe(3);
  expect(addressesOf(server)).not.toBe('');
  killed.kill();
  await emptied(namespaces);
  await untilGone("the operator's line", () => addressesOf(server) !== '');

  expect(addressesOf(host)).toBe(other);
  const { id } = await orderUpdate(living, PRINTER);
  expect(await living.operator.finished(id)).toMatchObject({ state: 'verified' });

  // The next one finds room, and what it needs.
  const next = await start().ready();
  expect(addressesOf(next)).not.toBe('');
}, 120_000);

test('a start that is killed in its middle leaves nothing either', async () => {
  const killed = start();
  await killed.begun();
  const namespaces = killed.namespaces();
  killed.kill();
  await emptied(namespaces);
  await untilGone("the operator's line", () => isThere(operatorsLine(killed.pid % OPERATORS_LINES).device));
}, 60_000);
