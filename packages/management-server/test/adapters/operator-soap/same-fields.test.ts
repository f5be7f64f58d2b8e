import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  membersOf,
  type OperatorOperations,
  operatorContract,
  toJson,
  type UplinkOperations,
} from '@postern/contracts';
import type { SoapClient } from '@postern/soap-rpc';
import { call } from '../../support/told.ts';
import { addSoftware, createWorld, devices, order, poll, verified, type World } from '../../support/world.ts';

let world: World;
let site: SoapClient<UplinkOperations>;
let operator: SoapClient<OperatorOperations>;
/** Identifiers of what there is to look at. */
const ids = { update: '', order: '', request: '', notice: '' };

beforeAll(async () => {
  world = await createWorld();
  site = await world.client('site-a');
  operator = await world.operator();
  const change = devices('printer-1');
  const [device] = change.device;
  if (device === undefined) throw new TypeError('no device');
  const endpoint = { host: '10.0.0.1', port: 2121 };
  const information = {
    ...device.information,
    securePath: endpoint,
    bulkPath: endpoint,
    plainPath: endpoint,
    serialNumber: 'S-1',
    profile: 'printer',
    authenticatedReports: true,
    freshnessNonce: 'ab'.repeat(16),
  };
  const below = { intermediary: [{ name: 'site-b', route: { node: ['site-b'] } }] };
  const told = { ...device, information, active: true, lastContact: world.clock.now() };
  await site.call('Poll', poll({ devices: { ...change, device: [told], intermediaries: below } }));
  const software = await addSoftware(world);
  ids.update = String(
    (await order(world, 'printer-1', software, { policy: { eraser: 'updater' } })).json['updateId'],
  );
  await site.call('Poll', poll());
  const progress = { requestId: ids.update, phase: 'transfer', progress: { doneBytes: 1, totalBytes: 2 } };
  await site.call('Poll', poll({ delayNotices: { delayNotice: [progress] } }));
  const asked = await operator.call('OrderRequests', {
    request: { body: { kind: 'CollectLogs', value: { since: world.clock.now() } } },
    targets: { target: ['printer-1'] },
  });
  ids.order = asked.order.id;
  const [request] = (await operator.call('ListRequests', { orderId: ids.order })).page.request;
  ids.request = request?.id ?? '';
  await site.call('Poll', poll());
  const entries = { item: [{ at: world.clock.now(), level: 'info' as const, message: 'ready' }] };
  const body = { kind: 'CollectLogsResponse' as const, value: { entries } };
  const response = [{ requestId: ids.request, at: world.clock.now(), body }];
  await site.call('Poll', poll({ responses: { response } }));
  await site.call('Deliver', call('call-1'));
  ids.notice = (await operator.call('ListNotices', {})).page.notice[0]?.id ?? '';
});
afterAll(() => world.close());

type Json = Record<string, unknown>;

const rest = async (path: string): Promise<Json> => (await world.rest({ path: `/api/v1/${path}` })).json;

/** The answer of an operation in the JSON form of the contract. */
const soap = async <Name extends keyof OperatorOperations & string>(
  name: Name,
  request: OperatorOperations[Name]['request'],
): Promise<Json> => {
  const answer = await operator.call(name, request);
  return toJson(`operator.${operatorContract.operations[name].response.name}`, answer) as Json;
};

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, withoutNulls(inner)]),
  );
};

/** What REST has in a property of its own is one of several elements in the contract. */
const choice = (kind: unknown, value: unknown) => (value === undefined ? {} : { body: { kind, value } });

const looks: readonly [
  what: string,
  rest: () => Promise<Json>,
  soap: () => Promise<unknown>,
  type: string,
][] = [
  [
    'a device',
    () => rest('devices/printer-1'),
    async () => (await soap('GetDevice', { deviceId: 'printer-1' }))['device'],
    'operator.Device',
  ],
  [
    'a list of devices',
    () => rest('devices?counters=true'),
    async () => listed(await soap('ListDevices', { withCounters: true }), 'device'),
    '',
  ],
  [
    'intermediaries',
    () => rest('intermediaries'),
    async () => listed(await soap('ListIntermediaries', {}), 'intermediary'),
    '',
  ],
  ['software', () => rest('software'), async () => listed(await soap('ListSoftware', {}), 'software'), ''],
  [
    'an update that runs',
    () => rest(`updates/${ids.update}`),
    async () => (await soap('GetUpdate', { updateId: ids.update }))['update'],
    'operator.Update',
  ],
  [
    'a journal',
    () => rest(`updates/${ids.update}/journal`),
    async () => ({ items: (await soap('GetUpdateJournal', { updateId: ids.update }))['journal'] }),
    '',
  ],
  [
    'an order',
    async () => {
      const { arguments: given, ...order } = await rest(`orders/${ids.order}`);
      return { ...order, request: choice(order['kind'], given) };
    },
    async () => (await soap('GetOrder', { orderId: ids.order }))['order'],
    'operator.Order',
  ],
  [
    'a request',
    async () => {
      const { answer, ...request } = await rest(`requests/${ids.request}`);
      return { ...request, answer: choice(`${request['kind']}Response`, answer) };
    },
    async () => (await soap('GetRequest', { requestId: ids.request }))['request'],
    'operator.Request',
  ],
  [
    'a call',
    async () => {
      const { content, ...notice } = await rest(`notices/${ids.notice}`);
      return { ...notice, content: choice(notice['kind'], content) };
    },
    async () => (await soap('GetNotice', { noticeId: ids.notice }))['notice'],
    'operator.Notice',
  ],
];

const listed = (answer: Json, name: string): Json => {
  const { [name]: items, ...page } = answer['page'] as Json;
  return { items, ...page };
};

test.each(looks)('%s is the same in REST and in SOAP', async (_what, inRest, inSoap, type) => {
  const view = await inRest();
  expect(view['code']).toBeUndefined();
  expect(await inSoap()).toEqual(withoutNulls(view));
  // Also what happens to be unknown here has its element.
  if (type === '') return;
  const elements = membersOf(type).flatMap((member) => (member.kind === 'element' ? [member.name] : []));
  expect(Object.keys(view).sort()).toEqual(elements.sort());
});

test('an update that has ended is the same, too', async () => {
  await site.call('Poll', poll({ responses: { response: [verified(ids.update)] } }));
  const { update } = await soap('GetUpdate', { updateId: ids.update });
  expect(update).toEqual(withoutNulls(await rest(`updates/${ids.update}`)));
  const { journal } = await soap('GetUpdateJournal', { updateId: ids.update });
  expect({ items: journal }).toEqual(withoutNulls(await rest(`updates/${ids.update}/journal`)));
});
