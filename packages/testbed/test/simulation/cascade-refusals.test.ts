import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type uplink, uplinkContract } from '@postern/contracts';
import { Instant, type NodeRole, Seconds } from '@postern/core';
import { createServiceTransport, createSoapClientOver } from '@postern/soap-rpc';
import { buildCascade, type Cascade } from '../../src/simulation/index.ts';
import { RELEASES } from '../../src/simulation/software.ts';

let cascade: Cascade;
beforeEach(async () => {
  cascade = await buildCascade({
    sites: [
      { name: 'top', devices: ['mfp-top'], below: { names: ['leaf', 'evil', 'top'], mostDevices: 3 } },
      { name: 'leaf', above: 'top', devices: ['mfp-leaf'] },
    ],
  });
  await cascade.until('all are known', () =>
    ['mfp-top', 'mfp-leaf'].every((name) => cascade.server.stores.devices.find(name) !== undefined),
  );
});
afterEach(() => cascade.close());

const top = () => cascade.site('top');
const service = () => {
  const door = top().door;
  if (door === undefined) throw new TypeError('top is down');
  return door.service;
};

/** Calls `top` as somebody below; TLS has proved who it is. */
const call = async (poll: Partial<uplink.Poll> = {}, name = 'evil', role: NodeRole = 'intermediary') => {
  const transport = createServiceTransport(service(), { peer: { role, name }, remoteAddress: 'x' });
  const client = createSoapClientOver(uplinkContract, { transport, clock: cascade.clock });
  const calling = client.call('Poll', { sessionId: 's', holdSeconds: 0, capacity: 10, ...poll });
  // Whoever called looks at it once time has passed.
  calling.catch(() => {});
  await cascade.clock.advance(Seconds(0));
  return calling;
};

const change = (deviceId: string, ...node: string[]): uplink.DeviceChange => ({
  information: { deviceId, model: 'M', components: { item: [] }, bulkPathKind: 'ftp' },
  ...(node.length === 0 ? {} : { route: { node } }),
});
const list = (...device: uplink.DeviceChange[]): Pick<uplink.Poll, 'devices'> => ({
  devices: { revision: 1, complete: true, device },
});
const below = () => top().database.stores.below;
const coded = (code: string) => expect.objectContaining({ code });

describe('who may call', () => {
  test.each<[string, NodeRole]>([
    ['somebody', 'intermediary'],
    ['mfp-top', 'device'],
    ['server', 'server'],
    ['top', 'intermediary'],
  ])('%s as %s may not', async (name, role) => {
    await expect(call({}, name, role)).rejects.toEqual(coded('not-authorised'));
    expect(below().children()).toEqual(['leaf']);
  });
});

describe('what a hostile intermediary below tells', () => {
  /** @spec T2 */
  test('of devices of others is refused, one by one, and changes nothing of them', async () => {
    const answer = await call(list(change('mfp-top'), change('mfp-leaf'), change('mfp-evil')));
    expect(answer.refusedDevices?.device).toEqual([
      { deviceId: 'mfp-top', code: 'device-foreign' },
      { deviceId: 'mfp-leaf', code: 'device-foreign' },
    ]);
    expect(below().device('mfp-leaf')?.route).toEqual(['leaf']);
    expect(below().device('mfp-evil')?.route).toEqual(['evil']);
    await cascade.until(
      'it is known above',
      () => cascade.server.stores.devices.find('mfp-evil') !== undefined,
    );
    expect(cascade.server.stores.devices.find('mfp-leaf')).toMatchObject({ route: ['leaf'] });
  });

  /** @spec T2 */
  test.each([
    ['route-loop', ['x', 'top']],
    ['route-loop', ['x', 'x']],
    ['route-loop', ['evil']],
    ['route-too-long', Array.from({ length: 15 }, (_, index) => `site-${index}`)],
  ])('with a %s is refused by itself, and counted', async (code, node) => {
    await call(list(change('mfp-1', ...node), change('mfp-2')));
    await call(list(change('mfp-1', ...node), change('mfp-2')));
    expect(below().device('mfp-1')).toBeUndefined();
    expect(below().device('mfp-2')).toBeDefined();
    expect(top().door?.domain.cascade.exchange.refusals.get(code)).toBe(2);
  });

  test('of more devices than it may have is refused beyond', async () => {
    await call(list(...['a', 'b', 'c', 'd'].map((name) => change(name))));
    expect(below().count('evil')).toBe(3);
  });

  test('about intermediaries in a circle is left out', async () => {
    const intermediary = [
      { name: 'x', route: { node: ['x'] } },
      { name: 'top', route: { node: ['top'] } },
    ];
    await call({ devices: { revision: 1, complete: true, device: [], intermediaries: { intermediary } } });
    expect(
      below()
        .nodes()
        .map(({ name }) => name),
    ).toEqual(['evil', 'leaf', 'x']);
  });

  test('of devices that are no longer in its whole list are gone, above, too', async () => {
    await call(list(change('mfp-1')));
    await cascade.until('it is known', () => cascade.server.stores.devices.find('mfp-1') !== undefined);
    await call({ devices: { revision: 2, complete: true, device: [] } });
    await cascade.until('it is gone', () => cascade.server.stores.devices.find('mfp-1')?.present === false);
  });
});

describe('what goes down to somebody below', () => {
  /** A request for the leaf's device that has gone down to the leaf, and waits for its answer. */
  const ordered = async (): Promise<string> => {
    const softwareId = await cascade.register('2.0');
    const order = { deviceId: 'mfp-leaf', softwareId, deadlineSeconds: 600 };
    const update = await cascade.server.door?.domain.updates.order(order);
    const id = update?.update.id ?? '';
    await cascade.until('it went down', () => top().database.stores.passing.find(id)?.state === 'sent');
    return id;
  };
  const failure = (requestId: string, kind: 'Failure' | 'ActivateResponse' = 'Failure'): uplink.Response => ({
    requestId,
    at: Instant(cascade.clock.now()),
    body: kind === 'Failure' ? { kind, value: { code: 'made-up', message: 'x' } } : { kind, value: {} },
  });

  /** @spec T2 */
  test('is answered by nobody else', async () => {
    const id = await ordered();
    const evil = await call({ responses: { response: [failure(id)] } });
    expect(evil.acknowledged?.id).toEqual([id]);
    await call({ delayNotices: { delayNotice: [{ requestId: id }] } });
    const device = { revision: 1, complete: false, device: [change('mfp-new')] };
    const unknown = await call(
      { responses: { response: [failure('never-asked')] }, devices: device },
      'leaf',
    );
    // It would only come again, and hold up all the rest.
    expect(unknown.acknowledged?.id).toEqual(['never-asked']);
    expect(below().device('mfp-new')?.route).toEqual(['leaf']);
    expect(top().database.stores.passing.find(id)?.state).not.toBe('answered');
    expect(top().door?.domain.cascade.exchange.refusals.get('request-foreign')).toBe(3);
  });

  /** @spec T2 */
  test('fails when it is answered by something of another kind, and the rest of the poll is taken', async () => {
    const id = await ordered();
    const device = { revision: 1, complete: false, device: [change('mfp-new')] };
    const response = [failure(id, 'ActivateResponse')];
    const answer = await call({ responses: { response }, devices: device }, 'leaf');
    expect(answer.acknowledged?.id).toEqual([id]);
    expect(below().device('mfp-new')?.route).toEqual(['leaf']);
    const state = () => cascade.server.stores.updates.find(id);
    await cascade.until('it has ended above', () => state()?.finishedAt !== undefined);
    expect(state()).toMatchObject({ state: 'failed', result: { failure: { code: 'response-unexpected' } } });
  });

  /** @spec T2 */
  test('its images are for nobody else, and for nobody once it is answered', async () => {
    await ordered();
    const [image] = RELEASES['2.0'].images;
    const sha256 = image?.component.sha256 ?? '';
    const { signal } = new AbortController();
    const read = (name: string) => top().door?.imageFor(name, sha256, 0, signal);
    await expect(read('evil')).rejects.toEqual(coded('image-missing'));
    await cascade.until(
      'it is here',
      () => cascade.device('mfp-leaf').door?.target.versions['firmware'] === '2.0',
    );
    await cascade.until('it is answered', () => top().database.stores.passing.images().length === 0);
    await expect(read('leaf')).rejects.toEqual(coded('image-missing'));
  });

  test('deliveries of devices that it has not told of are refused', async () => {
    const transport = createServiceTransport(service(), {
      peer: { role: 'intermediary', name: 'evil' },
      remoteAddress: 'x',
    });
    const client = createSoapClientOver(uplinkContract, { transport, clock: cascade.clock });
    const deliver = client.call('Deliver', {
      deliveryId: 'd-1',
      deviceId: 'mfp-leaf',
      route: { node: ['evil'] },
      body: {
        kind: 'NotifySupply',
        value: { noticeId: 'n', at: cascade.clock.now(), supply: 'toner', remainingPercent: 4 },
      },
    });
    await expect(deliver).rejects.toEqual(coded('device-unknown'));
  });
});
