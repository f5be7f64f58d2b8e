import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  type Authority,
  type EnrolledNode,
  ensureNodeIdentity,
  openAuthority,
  signPlacement,
} from '@postern/pki';
import { buildCascade, type Cascade } from '../../src/simulation/index.ts';
import { START } from '../../src/simulation/software.ts';

let directory: string;
let authority: Authority;
let node: EnrolledNode;
let cascade: Cascade;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-moves-'));
  const clock = new VirtualClock(START);
  authority = await openAuthority({ directory: join(directory, 'ca'), clock, entropy: seededEntropy('ca') });
  const identity = { role: 'device', name: 'rover' } as const;
  node = await ensureNodeIdentity({ directory: join(directory, 'rover'), identity, authority, clock });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Two branches, one of them two deep. */
beforeEach(async () => {
  cascade = await buildCascade({
    sites: [{ name: 'a' }, { name: 'leaf', above: 'a' }, { name: 'twig', above: 'a' }, { name: 'b' }],
    placementTrust: { caPem: authority.certificatePem },
  });
});
afterEach(() => cascade.close());

/** The device registers at a site over TLS. */
const register = (site: string, sequence?: number): void => {
  const information = {
    deviceId: 'rover',
    model: 'Simulated MFP',
    components: { item: [{ component: 'firmware', version: '1.0' }] },
    bulkPathKind: 'ftp',
    securePath: { host: 'rover', port: 7001 },
    bulkPath: { host: 'rover', port: 7002 },
  } as const;
  const placement =
    sequence === undefined ? {} : { placement: signPlacement({ intermediary: site, sequence }, node) };
  cascade
    .site(site)
    .door?.domain.notices.register(
      { device: information, ...placement },
      { role: 'device', name: 'rover' },
      'rover',
    );
};

const atServer = () => cascade.server.stores.devices.find('rover');
const arrivesAt = (intermediary: string, ...route: string[]) =>
  cascade.until(`it is at ${[intermediary, ...route].join(' → ')}`, () => {
    const held = atServer();
    return held?.intermediary === intermediary && held.route.join() === route.join();
  });

/** An update is ordered that its site cannot carry out at once: no device answers. */
const order = async () => {
  const softwareId = await cascade.register('2.0');
  const ordered = await cascade.server.door?.domain.updates.order({
    deviceId: 'rover',
    softwareId,
    deadlineSeconds: 7_200,
  });
  const id = ordered?.update.id ?? '';
  return { id, now: () => cascade.server.stores.updates.find(id) };
};

describe('a device that moves takes its name along', () => {
  /** @spec T2 */
  test('from branch to branch, and up and down within one', async () => {
    register('leaf', 1);
    await arrivesAt('a', 'leaf');
    register('b', 2);
    await arrivesAt('b');
    register('twig', 3);
    await arrivesAt('a', 'twig');
    register('a', 4);
    await arrivesAt('a');
    register('leaf', 5);
    await arrivesAt('a', 'leaf');
    expect(cascade.site('a').database.stores.placements.isAway('rover')).toBe(true);
  });

  /** @spec T2 */
  test('an old word takes it back nowhere, and its old place learns that it is gone', async () => {
    register('leaf', 1);
    await arrivesAt('a', 'leaf');
    register('b', 2);
    await arrivesAt('b');
    // Somebody replays what the device said before.
    register('leaf', 1);
    await cascade.until(
      'the floor above has been refused',
      () => cascade.site('a').database.stores.below.device('rover')?.gone === true,
    );
    expect(atServer()).toMatchObject({ intermediary: 'b', present: true });
    expect(cascade.server.stores.audit.newest(1)).toMatchObject([{ code: 'device-foreign', caller: 'a' }]);
  });

  test('without a word it stays where it was until it is released there', async () => {
    register('leaf');
    await arrivesAt('a', 'leaf');
    register('b');
    await cascade.until('it is refused', () => cascade.server.stores.audit.newest(1).length === 1);
    expect(atServer()).toMatchObject({ intermediary: 'a' });
    await cascade.until('b has been told so', () =>
      cascade.site('b').database.stores.placements.isAway('rover'),
    );
    cascade.site('leaf').database.stores.devices.setReleased('rover', true);
    cascade.site('leaf').door?.domain.outgoing.devicesChanged();
    await cascade.until('it is free', () => atServer()?.present === false);
    register('b');
    await arrivesAt('b');
  });

  /** @spec T2 */
  test('an update that its old place has ends, within a branch as well', async () => {
    register('leaf', 1);
    await arrivesAt('a', 'leaf');
    const update = await order();
    await cascade.until('the leaf has it', () =>
      cascade.site('leaf').database.stores.requests.has(update.id),
    );
    register('twig', 2);
    await cascade.until('it has ended', () => update.now()?.finishedAt !== undefined);
    expect(update.now()).toMatchObject({ state: 'failed', result: { failure: { code: 'device-moved' } } });
    await arrivesAt('a', 'twig');
  });

  /** @spec T2 */
  test('what waits for it half-way down goes the new way', async () => {
    register('leaf', 1);
    await arrivesAt('a', 'leaf');
    cascade.site('leaf').node.life?.end();
    const update = await order();
    const passing = () => cascade.site('a').database.stores.passing.find(update.id);
    await cascade.until('it waits half-way', () => passing()?.state === 'waiting');
    register('twig', 2);
    await cascade.until('the twig has it', () =>
      cascade.site('twig').database.stores.requests.has(update.id),
    );
    expect(passing()).toMatchObject({ child: 'twig' });
    expect(update.now()?.finishedAt).toBeUndefined();
  });
});
