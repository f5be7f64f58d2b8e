import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Hours, type NodeRole, Seconds, systemClock, systemEntropy } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { callHttps, type RestCall } from '../../support/rest-client.ts';
import { until } from '../../support/until.ts';
import { createWorld, devices, poll, type World } from '../../support/world.ts';

let world: World;
let token: string;
/** Shows no certificate. */
let nobody: { readonly caPem: string };
let stranger: EnrolledNode;

beforeAll(async () => {
  world = await createWorld();
  const list = join(world.directory, 'revoked.pem');
  await writeFile(list, await world.authority.crlPem());
  Object.assign(world.config, { revocationListFile: list });
  await world.restart();
  token = await world.token();
  nobody = { caPem: (await world.enrol('server', 'server')).caPem };
  await (await world.client('site-a')).call('Poll', poll({ devices: devices('printer-1') }));
  const authority = await openAuthority({
    directory: join(world.directory, 'other-ca'),
    clock: systemClock,
    entropy: systemEntropy,
  });
  const directory = join(world.directory, 'stranger');
  const identity = { role: 'operator', name: 'billing' } as const;
  stranger = await ensureNodeIdentity({
    directory,
    identity,
    clock: systemClock,
    authority,
    lifetime: Hours(1),
  });
});
afterAll(() => world.close());

const GET_DEVICE = '<GetDevice xmlns="urn:postern:operator:1"><deviceId>printer-1</deviceId></GetDevice>';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const envelope = (payload: string) =>
  `<e:Envelope xmlns:e="${ENVELOPE}"><e:Body>${payload}</e:Body></e:Envelope>`;

const send = (call: RestCall, as: EnrolledNode | { readonly caPem: string } = nobody) => {
  // A stranger trusts its own CA: here it is not the server that is to be proved.
  const tls = clientTlsOptions(as, { expect: as === stranger ? 'unauthenticated' : { role: 'server' } });
  return callHttps(world.server.restPort, tls, call);
};
const soap = (authorization: string | undefined, body = envelope(GET_DEVICE)): RestCall => ({
  method: 'POST',
  path: '/soap/operator',
  headers: {
    'content-type': 'text/xml; charset=utf-8',
    ...(authorization === undefined ? {} : { authorization }),
  },
  body,
});
const rest = (authorization: string | undefined): RestCall => ({
  path: '/api/v1/devices/printer-1',
  headers: authorization === undefined ? {} : { authorization },
});
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Status and code of both interfaces. */
const both = async (authorization: string | undefined, as?: EnrolledNode): Promise<string> => {
  const inSoap = await send(soap(authorization), as);
  const inRest = await send(rest(authorization), as);
  const code = /<code>([^<]*)<\/code>/.exec(inSoap.bytes.toString('utf8'))?.[1];
  expect([inRest.status, inRest.json['code']]).toEqual([inSoap.status, code]);
  return [inSoap.status, code].filter((part) => part !== undefined).join(' ');
};

/** @spec A1 */
describe('who may call, in SOAP as in REST', () => {
  test.each<[string, () => string | undefined, string]>([
    ['the token as a bearer token', () => `Bearer ${token}`, '200'],
    ['the token as the password of operator', () => basic('operator', token), '200'],
    ['the token as the password of somebody else', () => basic('admin', token), '401 token-required'],
    ['the token without a user', () => basic('', token), '401 token-required'],
    ['another password', () => basic('operator', 'secret'), '401 token-required'],
    ['a password that begins with the token', () => basic('operator', `${token}x`), '401 token-required'],
    ['another scheme', () => `Digest ${token}`, '401 token-required'],
    ['nothing', () => undefined, '401 token-required'],
  ])('%s', async (_what, authorization, expected) => {
    expect(await both(authorization())).toBe(expected);
  });

  test('a certificate of the role operator, without any token', async () => {
    expect(await both(undefined, await world.enrol('billing', 'operator'))).toBe('200');
  });

  test.each<[NodeRole]>([['intermediary'], ['device'], ['server']])(
    'no certificate of the role %s, not even with the token; and that is noted',
    async (role) => {
      const node = await world.enrol(role === 'server' ? 'server' : 'node-1', role);
      expect(await both(`Bearer ${token}`, node)).toBe('403 not-authorised');
      const { json } = await send({ path: '/api/v1/audit', headers: { authorization: `Bearer ${token}` } });
      expect(json['items']).toContainEqual(
        expect.objectContaining({
          code: 'not-authorised',
          caller: `urn:postern:${role}:${node.identity.name}`,
          subject: '/soap/operator',
        }),
      );
    },
  );

  test("another CA's operator proves nothing", async () => {
    expect(await both(undefined, stranger)).toBe('401 token-required');
    expect(await both(`Bearer ${token}`, stranger)).toBe('200');
  });

  test('a revoked operator is not let in', async () => {
    const revoked = await world.enrol('former', 'operator');
    expect(await both(undefined, revoked)).toBe('200');
    await world.authority.revoke(revoked.serial);
    await writeFile(join(world.directory, 'revoked.pem'), await world.authority.crlPem());
    await world.clock.advance(Seconds(30));
    await until('the new list', () =>
      world.logger.lines.some(({ message }) => message.includes('has come into force')),
    );
    await expect(send(soap(undefined), revoked)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    await expect(send(rest(undefined), revoked)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    expect(await both(undefined, await world.enrol('billing', 'operator'))).toBe('200');
  });

  test('whoever shows nothing is asked for it, in the ways of the interface', async () => {
    const asked = await send(soap(undefined));
    expect(asked.headers['www-authenticate']).toBe(
      'Basic realm="postern", charset="UTF-8", Bearer realm="postern"',
    );
    expect(asked.headers['content-type']).toBe('text/xml; charset=utf-8');
    // No Basic there: a browser would ask people for it.
    expect((await send(rest(undefined))).headers['www-authenticate']).toBe('Bearer realm="postern"');
  });

  test('a refusal comes before the body is read', async () => {
    const { status } = await send(soap(undefined, ' '.repeat(1_000_000)));
    expect(status).toBe(401);
  });

  test('wrong tries are counted over both interfaces; asking without any is none, and the right token opens', async () => {
    await world.clock.advance(Seconds(60));
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) {
      statuses.push((await send(soap(basic('operator', 'x')))).status, (await send(rest('Bearer x'))).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const refused = await send(soap(basic('operator', 'x')));
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
    expect(await both(undefined)).toBe('401 token-required');
    expect(await both(`Bearer ${token}`)).toBe('200');
    expect(JSON.stringify(world.logger.lines)).not.toContain(token);
  });
});

describe('the contract', () => {
  test('is shown to everybody, with its imports and the address that was asked', async () => {
    const page = await send({ path: '/soap/operator?wsdl' });
    expect(page.status).toBe(200);
    const text = page.bytes.toString('utf8');
    const here = `https://127.0.0.1:${world.server.restPort}/soap/operator`;
    expect(text).toContain(`<soap:address location="${here}"/>`);
    expect(text).toContain(`schemaLocation="${here}?xsd=operator.xsd"`);
    const names = ['operator', 'device', 'intermediary', 'types'];
    for (const name of names) {
      expect((await send({ path: `/soap/operator?xsd=${name}.xsd` })).status).toBe(200);
    }
    expect((await send({ path: '/soap/operator?xsd=../package.json' })).status).toBe(404);
  });

  test('is spoken in both versions of SOAP, and in nothing else', async () => {
    const call12: RestCall = {
      ...soap(
        `Bearer ${token}`,
        envelope(GET_DEVICE).replace(ENVELOPE, 'http://www.w3.org/2003/05/soap-envelope'),
      ),
      headers: { 'content-type': 'application/soap+xml; charset=utf-8', authorization: `Bearer ${token}` },
    };
    const answer = await send(call12);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'application/soap+xml; charset=utf-8',
    ]);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    expect((await send({ ...call12, headers })).status).toBe(415);
    expect((await send({ path: '/soap/operator', headers })).status).toBe(405);
    expect((await send({ method: 'DELETE', path: '/soap/operator', headers })).status).toBe(405);
  });
});

describe('a message that is wrong changes nothing and is told why', () => {
  const ORDER = envelope(
    '<OrderRequests xmlns="urn:postern:operator:1"><request><d:ConfirmAlive xmlns:d="urn:postern:device:1"/></request><targets><target>printer-1</target></targets></OrderRequests>',
  );
  const wrong: readonly [what: string, body: string, status: number, code: string][] = [
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY e "x">]>${ORDER}`, 500, 'doctype-forbidden'],
    ['another namespace', ORDER.replace('urn:postern:operator:1', 'urn:other'), 500, 'operation-unknown'],
    ['too large', ORDER.padEnd(200_000), 413, 'body-too-large'],
    [
      '1,001 targets',
      ORDER.replace(/<target>.*<\/target>/, '<target>a</target>'.repeat(1_001)),
      500,
      'element-repeated',
    ],
    [
      'a request that is about an update',
      ORDER.replace('d:ConfirmAlive', 'd:UpdateSoftware'),
      500,
      'element-unexpected',
    ],
    [
      'too deep',
      ORDER.replace('<d:ConfirmAlive', `${'<x>'.repeat(500)}<d:ConfirmAlive`),
      500,
      'element-unexpected',
    ],
  ];
  test.each(wrong)('%s', async (_what, body, status, code) => {
    const { bytes, ...answer } = await send(soap(`Bearer ${token}`, body));
    expect(answer.status).toBe(status);
    expect(bytes.toString('utf8')).toContain('<faultcode>soap:Client</faultcode>');
    expect(bytes.toString('utf8')).toContain(`<code>${code}</code>`);
    const { json } = await send({ path: '/api/v1/requests', headers: { authorization: `Bearer ${token}` } });
    expect(json['items']).toEqual([]);
  });

  test('too slow: the connection is not kept for it', async () => {
    const authorization = `Bearer ${token}`;
    const slow = await world.beginRest({ ...soap(authorization, '<e'), chunked: true });
    let status: unknown;
    slow.on('response', ({ statusCode }) => {
      status = statusCode;
    });
    // Time begins with the headers, whenever they arrive.
    await until('the answer', async () => {
      await world.clock.advance(Seconds(31));
      return status !== undefined;
    });
    expect(status).toBe(408);
  });
});
