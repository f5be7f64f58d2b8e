import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Minutes } from '@postern/core';
import { buildCascade, type Cascade } from '../../src/simulation/index.ts';

let cascade: Cascade;

/** The lowest floor takes nobody up by itself. */
beforeEach(async () => {
  cascade = await buildCascade({
    sites: [
      { name: 'top' },
      { name: 'middle', above: 'top' },
      { name: 'leaf', above: 'middle', adoption: 'confirm', devices: ['mfp-leaf'] },
      { name: 'twig', above: 'middle' },
    ],
  });
  await cascade.until('it is found', () => leaf().candidates.get('mfp-leaf') !== undefined);
  await cascade.until('the leaf is known', () => cascade.server.stores.sitesBelow.find('leaf') !== undefined);
});
afterEach(() => cascade.close());

const leaf = () => cascade.site('leaf').database.stores;
const atServer = () => cascade.server.stores.devices.find('mfp-leaf');

/** Orders it to be taken up, or given up, at the leaf. @returns the request, as it stands */
const activate = (active: boolean) => {
  const { door, stores } = cascade.server;
  const created = door?.domain.requestOrders.order({
    ...{ kind: 'Activate', targets: ['mfp-leaf'], at: 'leaf', arguments: { active } },
    ...{ deadlineSeconds: 600, via: 'poll' },
  });
  const [request] = stores.requests.page({ order: created?.order.id, limit: 1 });
  const id = request?.id ?? '';
  return { id, now: () => stores.requests.find(id) };
};

const ended = async (request: ReturnType<typeof activate>) => {
  await cascade.until('it has ended', () => request.now()?.endedAt !== undefined);
  return request.now();
};

/** The device registers with another floor. */
const registerAt = (site: string): void => {
  const information = leaf().candidates.get('mfp-leaf')?.information;
  if (information === undefined) throw new TypeError('It was not found');
  const peer = { role: 'device', name: 'mfp-leaf' } as const;
  cascade.site(site).door?.domain.notices.register({ device: information }, peer, 'mfp-leaf');
};

/** It was at the twig before, which reports it still. */
const reportedByTwig = () => {
  registerAt('twig');
  return cascade.until('it is reported there', () => atServer()?.route.at(-1) === 'twig');
};

/** @spec T2 I1 I3 */
test('a device that the lowest of three floors has found is adopted from above, and is reported from there', async () => {
  expect(atServer()).toBeUndefined();
  expect(await ended(activate(true))).toMatchObject({ state: 'answered' });
  await cascade.until('it is reported', () => atServer()?.present === true);
  expect(atServer()).toMatchObject({ intermediary: 'top', route: ['middle', 'leaf'] });
});

/** @spec T2 I1 I3 */
test('it is adopted there also while another floor still reports it', async () => {
  await reportedByTwig();
  const request = activate(true);
  expect(await ended(request)).toMatchObject({ state: 'answered' });
  expect(leaf().devices.get('mfp-leaf')).toMatchObject({ released: false });
  expect(cascade.site('twig').database.stores.requests.has(request.id)).toBe(false);
});

/** @spec T2 I1 I3 */
test('what is given up there is what was found there, not the device that another floor has', async () => {
  await reportedByTwig();
  expect(await ended(activate(false))).toMatchObject({ state: 'answered' });
  expect(leaf().candidates.get('mfp-leaf')).toBeUndefined();
  expect(cascade.site('twig').database.stores.devices.get('mfp-leaf')).toMatchObject({ released: false });
});

/** @spec T2 I1 */
test('the way does not change with a device that moves while the request is going down', async () => {
  await reportedByTwig();
  cascade.site('leaf').node.restart(Minutes(60));
  // Its held poll ends as well.
  await cascade.clock.advance(Minutes(5));
  const request = activate(true);
  const passing = () => cascade.site('middle').database.stores.passing.find(request.id);
  await cascade.until('it waits half-way', () => passing()?.state === 'waiting');
  registerAt('middle');
  expect(passing()).toMatchObject({ state: 'waiting', child: 'leaf' });
});
