import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Contract,
  deviceContract,
  intermediaryContract,
  type OperationMap,
  operatorContract,
  uplinkContract,
} from '@postern/contracts';
import { Instant, type NodeRole, systemClock } from '@postern/core';
import { ensureNodeIdentity } from '@postern/pki';
import { type RealTopology, startTopology } from '@postern/testbed';
import { siteAuthority } from '../../../src/site/site-files.ts';
import { afterwards, keepForFile, temporaryDirectory } from '../../support/afterwards.ts';
import { FACTORY, PRINTER } from '../../support/printer-site.ts';
import { keyOf, typeOf } from '../../toolkits/element-keys.ts';
import { allToolkits, understood } from './all-toolkits.ts';
import type { Job, Outcome, ToolkitCall } from './toolkit.ts';

const LIMIT = 180_000;
const SITE = 'site-a';
const TOOLKITS = allToolkits();

let topology: RealTopology;

/** What stands on each toolkit's behalf in the certificates: a device, an intermediary and a back office. */
const namesFor = (toolkit: string) => ({
  device: `device-of-${toolkit}`,
  intermediary: `site-of-${toolkit}`,
  operator: `office-of-${toolkit}`,
});

beforeAll(async () => {
  keepForFile();
  topology = await startTopology({
    directory: await temporaryDirectory(),
    sites: [{ name: SITE, devices: [{ id: PRINTER, profile: 'mfp', firmware: FACTORY }] }],
  });
  afterwards(() => topology.close());
  const authority = await siteAuthority(topology.files);
  for (const { name: toolkit } of TOOLKITS) {
    for (const [role, name] of Object.entries(namesFor(toolkit))) {
      const identity = { role: role as NodeRole, name };
      const directory = topology.files.identityDir(identity);
      await ensureNodeIdentity({ directory, identity, authority, clock: systemClock });
    }
  }
  await topology.operator.devicesKnown([PRINTER]);
}, LIMIT);

const callOf = <O extends OperationMap<O>, N extends keyof O & string>(
  { operations }: Contract<O>,
  name: N,
  request: O[N]['request'],
): ToolkitCall & { readonly answerKey: string; readonly answerType: string } => {
  const operation = operations[name];
  const [requestKey, answerKey] = [keyOf(operation.request), keyOf(operation.response)];
  return {
    ...{ operation: name, request, answerKey },
    ...{ requestType: typeOf(requestKey), answerType: typeOf(answerKey) },
    requestXml: operation.request.write(request),
  };
};

type Call = ReturnType<typeof callOf>;

/** With whose certificate; nobody's: without one. */
const tlsOf = (name?: string): Job['tls'] => {
  const file = (of: string): string =>
    join(topology.files.identityDir({ role: 'device', name: name ?? SITE }), of);
  const ca = file('ca.pem');
  return name === undefined ? { ca } : { ca, cert: file('node.pem'), key: file('node.key') };
};

/** What the toolkit made of an answer, as texts in order; of a fault, its code or (without a Failure) what it tells people. */
const made = (outcome: Outcome | undefined, call: Call | undefined): unknown => {
  if (outcome === undefined || call === undefined) return 'nothing';
  const { fault } = outcome;
  if (fault === undefined) return understood(outcome, call);
  return { refused: fault.failure?.['code'] ?? fault.text };
};

describe.each(TOOLKITS)('$name', ({ name: toolkit, prepare, run }) => {
  const names = namesFor(toolkit);
  const play = async (
    contract: { readonly name: string },
    where: Pick<Job, 'url' | 'version' | 'tls' | 'basic' | 'bearer'>,
    calls: readonly Call[],
  ): Promise<readonly unknown[]> => {
    const outcomes = await run({ contract: { name: contract.name.toLowerCase() }, ...where, calls });
    return calls.map((call, at) => made(outcomes[at], call));
  };

  beforeAll(async () => {
    await prepare?.(await temporaryDirectory());
  }, LIMIT);

  const information = (deviceId: string) => ({
    deviceId,
    model: 'Vendor X7',
    components: { item: [{ component: 'firmware', version: '1.0' }] },
    bulkPathKind: 'ftp' as const,
  });
  /** Behind an HTTP status of 403 JAX-WS does not look for a fault. */
  const notAuthorised = {
    refused: toolkit === 'jax-ws' ? expect.stringContaining('403') : 'not-authorised',
  };
  const at = Instant(Date.UTC(2026, 0, 2));

  /** @spec A1 R6 I2 */
  test(
    'plays a device: registers, tells its start, calls for service, and understands why it is refused',
    async () => {
      const { device } = names;
      const { components } = information(device);
      const { port } = topology.lan(SITE).calls.secure;
      const url = `https://localhost:${port}/intermediary`;
      const called = await play(intermediaryContract, { url, version: '1.1', tls: tlsOf(device) }, [
        callOf(intermediaryContract, 'UserCall', { callId: `early-${toolkit}`, at, reason: 'Too early' }),
        callOf(intermediaryContract, 'Register', { device: information(device) }),
        callOf(intermediaryContract, 'Register', { device: information(PRINTER) }),
        callOf(intermediaryContract, 'NotifyStart', { deviceId: device, program: 'firmware', components }),
        callOf(intermediaryContract, 'UserCall', { callId: `call-${toolkit}`, at, reason: 'Größe <A4>' }),
      ]);
      expect(called).toEqual([
        { refused: 'device-unknown' },
        ['true', SITE],
        notAuthorised,
        [],
        [`call-${toolkit}`, 'succeeded', 'Your call was received'],
      ]);
      const calls = await topology.operator.client.listNotices({ kind: 'UserCall' });
      expect(calls.filter(({ deviceId }) => deviceId === device)).toMatchObject([
        { content: { reason: 'Größe <A4>' } },
      ]);
    },
    LIMIT,
  );

  /** @spec A1 R1 R3 */
  test(
    'plays an intermediary to the server: tells of a device, takes a request, answers it, forwards a call',
    async () => {
      const { intermediary } = names;
      const { client } = topology.operator;
      const deviceId = `below-${intermediary}`;
      const url = `https://localhost:${topology.server.ready.uplinkPort}/uplink`;
      const mine = { url, version: '1.2', tls: tlsOf(intermediary) } as const;
      const poll = { sessionId: `session-${toolkit}`, holdSeconds: 0, capacity: 10 };
      const body = { kind: 'UserCall', value: { callId: 'call-1', at, reason: 'Paper' } } as const;
      const delivery = { deliveryId: `delivery-${toolkit}`, route: { node: [intermediary] }, body };
      const told = await play(uplinkContract, mine, [
        callOf(uplinkContract, 'Deliver', { ...delivery, deviceId: 'nobody-knows' }),
        callOf(uplinkContract, 'Poll', {
          ...poll,
          devices: { revision: 7, complete: true, device: [{ information: information(deviceId) }] },
        }),
      ]);
      expect(told).toEqual([{ refused: 'device-unknown' }, expect.arrayContaining(['7'])]);
      const order = await client.orderRequests({
        kind: 'GetCounters',
        targets: [deviceId],
        deadlineSeconds: 60,
      });
      const [request] = await client.listRequests({ order: order.id });
      const requestId = String(request?.id);
      const counters = { item: [{ name: 'total-pages', value: 4_711 }] };
      const response = { requestId, at, body: { kind: 'GetCountersResponse', value: { counters } } } as const;
      const [taken, answered, forwarded] = await play(uplinkContract, mine, [
        callOf(uplinkContract, 'Poll', poll),
        callOf(uplinkContract, 'Poll', {
          ...poll,
          received: { id: [requestId] },
          responses: { response: [response] },
        }),
        callOf(uplinkContract, 'Deliver', { ...delivery, deviceId }),
      ]);
      expect(taken).toEqual(expect.arrayContaining([requestId, deviceId]));
      expect(answered).toEqual(expect.arrayContaining([requestId]));
      expect(forwarded).toEqual([delivery.deliveryId, 'succeeded', expect.any(String)]);
      expect(await client.request(requestId)).toMatchObject({
        state: 'answered',
        answer: { counters: counters.item },
      });
      const [stranger] = await play(uplinkContract, { ...mine, tls: tlsOf(names.device) }, [
        callOf(uplinkContract, 'Poll', poll),
      ]);
      expect(stranger).toEqual(notAuthorised);
    },
    LIMIT,
  );

  /** @spec A1 R5 I1 */
  test(
    'plays the intermediary to an emulated device: counters, parameters; another intermediary is refused',
    async () => {
      const port = topology.lan(SITE).fleet.ready.devices[0]?.ports.soap;
      const where = { url: `https://localhost:${port}/device`, version: '1.2' } as const;
      const [pages, parameters, unknown, alive] = await play(deviceContract, { ...where, tls: tlsOf(SITE) }, [
        callOf(deviceContract, 'GetCounters', {}),
        callOf(deviceContract, 'GetParameters', {}),
        callOf(deviceContract, 'SetParameters', { parameters: { item: [{ name: 'no-such', value: 'x' }] } }),
        callOf(deviceContract, 'ConfirmAlive', {}),
      ]);
      expect(pages).toEqual(expect.arrayContaining(['copied-pages', '0']));
      expect(parameters).toEqual(expect.arrayContaining(['paper-size', 'A4']));
      expect(unknown).toEqual({ refused: 'parameter-unknown' });
      expect(alive).toEqual([expect.stringMatching(/^\d{4}-.*Z$/), 'ready']);
      const other = { ...where, tls: tlsOf(names.intermediary) };
      expect(await play(deviceContract, other, [callOf(deviceContract, 'GetCounters', {})])).toEqual([
        notAuthorised,
      ]);
    },
    LIMIT,
  );

  /** @spec A1 */
  test(
    'plays a back office with a certificate, with a token as Bearer and as Basic',
    async () => {
      const { restPort, operatorTokenFile } = topology.server.ready;
      const where = { url: `https://localhost:${restPort}/soap/operator`, version: '1.2' } as const;
      const look = callOf(operatorContract, 'GetDevice', { deviceId: PRINTER });
      const seen = expect.arrayContaining([PRINTER, SITE]);
      const [found, unknown] = await play(operatorContract, { ...where, tls: tlsOf(names.operator) }, [
        look,
        callOf(operatorContract, 'GetDevice', { deviceId: 'nobody-knows' }),
      ]);
      expect(found).toEqual(seen);
      expect(unknown).toEqual({ refused: 'device-unknown' });
      const bearer = { tokenFile: operatorTokenFile };
      const basic = { user: 'operator', passwordFile: operatorTokenFile };
      expect(await play(operatorContract, { ...where, tls: tlsOf(), bearer }, [look])).toEqual([seen]);
      expect(await play(operatorContract, { ...where, tls: tlsOf(), basic }, [look])).toEqual([seen]);
      // Another role is turned away whatever it sends beside its certificate.
      expect(await play(operatorContract, { ...where, tls: tlsOf(names.device), bearer }, [look])).toEqual([
        notAuthorised,
      ]);
    },
    LIMIT,
  );
});
