import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { device, uplink } from '@postern/contracts';
import { createWorld, devices, journal, orderFor, poll, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** The end of an update that somebody ordered at the panel. */
const delivery = (
  changes: Partial<uplink.Deliver> = {},
  result: Partial<device.UpdateSoftwareResponse> = {},
): uplink.Deliver => ({
  deliveryId: 'job-1',
  deviceId: 'printer-1',
  route: { node: ['site-a'] },
  body: {
    kind: 'UpdateSoftwareResponse',
    value: {
      state: 'verified',
      assurance: 'partial',
      components: { item: [{ component: 'system', version: '2.0' }] },
      credential: 'erased',
      journal: journal(['S411', 'S412', 'S124']),
      software: 'mfp-firmware',
      orderedBy: 'panel',
      gaps: { gap: ['updater-unauthenticated'] },
      ...result,
    },
  },
  ...changes,
});

const siteWithPrinter = async () => {
  const site = await world.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1') }));
  return site;
};
const get = async (path: string) => (await world.rest({ path: `/api/v1/${path}` })).json;
const listed = async () => (await get('updates'))['items'] as Record<string, unknown>[];
const audited = async () => (await get('audit'))['items'];

/** @spec U16 I4 I5 */
describe('the result of an update that the site ordered', () => {
  test('becomes an update with its journal, and says what it did without', async () => {
    const site = await siteWithPrinter();
    const answer = await site.call('Deliver', delivery());
    expect(answer).toEqual({ inReplyTo: 'job-1', outcome: 'succeeded', text: 'noted' });
    expect(await get('updates/job-1')).toMatchObject({
      id: 'job-1',
      deviceId: 'printer-1',
      intermediary: 'site-a',
      orderedBy: 'panel',
      software: 'mfp-firmware',
      softwareId: null,
      deadline: null,
      state: 'verified',
      assurance: 'partial',
      gaps: [{ gap: 'updater-unauthenticated', meaning: expect.stringMatching(/passwords from whoever/) }],
      reported: [{ component: 'system', version: '2.0' }],
    });
    const steps = (await get('updates/job-1/journal'))['items'] as { step: string }[];
    expect(steps.map(({ step }) => step)).toEqual(['S411', 'S412', 'S124']);
    expect((await listed()).map(({ id }) => id)).toEqual(['job-1']);
  });

  test('counts once however often it comes, also after a restart', async () => {
    const site = await siteWithPrinter();
    await site.call('Deliver', delivery());
    await site.call('Deliver', delivery({}, { state: 'failed' }));
    await world.restart();
    await (await world.client('site-a')).call('Deliver', delivery());
    expect(await listed()).toMatchObject([{ id: 'job-1', state: 'verified' }]);
  });

  test('takes no place of an order from here', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Deliver', delivery());
    expect(await listed()).toMatchObject([{ id: 'job-1' }, { id, state: 'ordered' }]);
  });

  test('may be about the intermediary itself, which is no device of its own', async () => {
    const site = await world.client('site-a');
    await site.call('Deliver', delivery({ deviceId: 'site-a' }));
    expect(await get('updates/job-1')).toMatchObject({ deviceId: 'site-a', state: 'verified' });
  });

  test('says operation port where the site does not say who ordered', async () => {
    const site = await siteWithPrinter();
    const { body, ...rest } = delivery();
    if (body.kind !== 'UpdateSoftwareResponse') throw new TypeError('another kind');
    const { orderedBy: _, ...value } = body.value;
    await site.call('Deliver', { ...rest, body: { kind: 'UpdateSoftwareResponse', value } });
    expect((await get('updates/job-1'))['orderedBy']).toBe('operation-port');
  });
});

describe('such a result is refused, noted and not stored', () => {
  test.each([
    ['of a device of another intermediary', delivery(), 'device-foreign', 'printer-1'],
    ['that took another way', delivery({ route: { node: ['site-c'] } }), 'device-foreign', 'printer-1'],
  ])('%s', async (_case, sent, code, subject) => {
    await siteWithPrinter();
    const other = await world.client('site-b');
    await expect(other.call('Deliver', sent)).rejects.toMatchObject({ code, kind: 'client' });
    expect(await audited()).toMatchObject([{ code, caller: 'site-b', subject }]);
    expect(await listed()).toEqual([]);
  });

  test('with the identifier of an order from here, or of another update', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await expect(site.call('Deliver', delivery({ deliveryId: id }))).rejects.toMatchObject({
      code: 'request-foreign',
    });
    await site.call('Deliver', delivery());
    const other = await world.client('site-b');
    await other.call('Poll', poll({ devices: devices('printer-2') }));
    const taken = delivery({ deviceId: 'printer-2', route: { node: ['site-b'] } });
    await expect(other.call('Deliver', taken)).rejects.toMatchObject({ code: 'request-foreign' });
    expect((await get(`updates/${id}`))['state']).toBe('ordered');
    expect((await get('updates/job-1'))['deviceId']).toBe('printer-1');
  });

  test('that claims to be ordered by a server: it would have been a response', async () => {
    const site = await siteWithPrinter();
    const refused = site.call('Deliver', delivery({}, { orderedBy: 'server' }));
    await expect(refused).rejects.toMatchObject({ code: 'response-unexpected' });
    expect(await audited()).toMatchObject([{ code: 'response-unexpected', subject: 'job-1' }]);
  });

  test('of a device that was never reported; once it is, the result is taken', async () => {
    const site = await world.client('site-a');
    await expect(site.call('Deliver', delivery())).rejects.toMatchObject({ code: 'device-unknown' });
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    await site.call('Deliver', delivery());
    expect(await listed()).toHaveLength(1);
  });
});
