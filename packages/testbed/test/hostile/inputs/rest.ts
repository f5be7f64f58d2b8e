import { createHash } from 'node:crypto';
import { Seconds } from '@postern/core';
import { imageOf } from '../../support/printer-site.ts';
import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { BUSY, type HostileSite, IDLE } from '../hostile-site.ts';
import { exchange, http, NO_ANSWER, problemAnswer } from '../raw-exchange.ts';

interface Call {
  readonly line: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const BYTES_TYPE = { 'content-type': 'application/octet-stream' };

const calling = (
  name: string,
  call: Call | ((site: HostileSite) => Call | Promise<Call>),
  expected: string,
): HostileInput => ({
  name,
  send: async (site) => {
    const { line, headers, body } = typeof call === 'function' ? await call(site) : call;
    const all = { authorization: `Bearer ${site.token}`, ...headers };
    const caller = { caPem: site.callers.server.caPem };
    return problemAnswer(await exchange(site.restPort, caller, http(line, all, body)));
  },
  expect: expected,
});

const get = (path: string): Call => ({ line: `GET /api/v1/${path}` });
const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Call => ({
  line: `POST /api/v1/${path}`,
  headers: { ...JSON_TYPE, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const put = (
  sha256: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = BYTES_TYPE,
): Call => ({
  line: `PUT /api/v1/images/${sha256}`,
  headers,
  body,
});

const ordering = (name: string, changes: Readonly<Record<string, unknown>>, expected: string): HostileInput =>
  calling(
    name,
    ({ softwareId }) => post('updates', { deviceId: IDLE, software: softwareId, ...changes }),
    expected,
  );

const registering = (
  name: string,
  manifest: (site: HostileSite) => Uint8Array | Promise<Uint8Array>,
  expected: string,
): HostileInput =>
  calling(
    name,
    async (site) =>
      post('software', { signedManifest: Buffer.from(await manifest(site)).toString('base64') }),
    expected,
  );

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const NEVER_UPLOADED = { version: '9.0.0', releaseCounter: 9, content: Buffer.from('never uploaded') };
const SOME_BYTES = Buffer.from('some bytes');

/** The operators' port. */
export const restInputs: HostileInputs = {
  listener: 'the REST interface',
  good: {
    send: async (site) =>
      problemAnswer(
        await exchange(site.restPort, { caPem: site.callers.server.caPem }, http('GET /api/v1/health')),
      ),
    expect: '200',
  },
  inputs: [
    {
      name: 'plain HTTP',
      send: ({ restPort }) => exchange(restPort, 'plain', http('GET /api/v1/devices')),
      expect: NO_ANSWER,
    },
    calling('no token', { ...get('devices'), headers: { authorization: '' } }, '401 token-required'),
    calling(
      'a wrong token',
      { ...get('devices'), headers: { authorization: 'Bearer guess' } },
      '401 token-required',
    ),
    calling(
      'the token as a query',
      ({ token }) => ({ ...get(`devices?token=${token}`), headers: { authorization: '' } }),
      '401 token-required',
    ),
    calling(
      'an order without a token',
      ({ softwareId }) => post('updates', { deviceId: IDLE, software: softwareId }, { authorization: '' }),
      '401 token-required',
    ),
    calling('an unknown path', get('admin'), '404 not-found'),
    calling('a path that climbs', get('../../operator.token'), '404 not-found'),
    calling('an unknown method', { line: 'DELETE /api/v1/software' }, '404 not-found'),
    calling('malformed JSON', post('updates', '{"deviceId":'), '400 json-malformed'),
    calling('an empty body', post('updates', ''), '400 json-malformed'),
    calling('a prototype', post('updates', '{"__proto__":{"admin":true}}'), '400 json-malformed'),
    calling('a list', post('updates', '[]'), '400 request-invalid'),
    calling('XML', post('updates', '<a/>', { 'content-type': 'text/xml' }), '415 content-type-unsupported'),
    calling(
      'a body beyond the limit',
      post('software', `{"signedManifest":"${'A'.repeat(200_000)}"}`),
      '413 body-too-large',
    ),
    ordering('an unknown field', { force: true }, '400 request-invalid'),
    ordering('a number for a name', { deviceId: 5 }, '400 request-invalid'),
    ordering('a path for a name', { deviceId: '../x' }, '400 request-invalid'),
    ordering('SQL for a name', { deviceId: "x'; DROP TABLE updates; --" }, '400 request-invalid'),
    ordering('a deadline of 0', { deadlineSeconds: 0 }, '400 request-invalid'),
    ordering('a deadline beyond 31 days', { deadlineSeconds: 2_678_401 }, '400 request-invalid'),
    ordering('a deadline as text', { deadlineSeconds: '60' }, '400 request-invalid'),
    ordering('an unknown device', { deviceId: 'printer-ghost' }, '404 device-unknown'),
    ordering('unknown software', { software: 'sw-0' }, '404 software-unknown'),
    ordering('a second order for a device', { deviceId: BUSY }, '409 update-already-open'),
    calling('an update of no name', get('updates/none'), '404 update-unknown'),
    calling('an update whose name climbs', get('updates/..%2f..%2fserver.db'), '400 request-invalid'),
    calling('a journal of no update', get('updates/none/journal'), '404 update-unknown'),
    calling('a cancellation of no update', post('updates/none/cancel', {}), '404 update-unknown'),
    calling(
      'a cancellation with unknown fields',
      ({ updateId }) => post(`updates/${updateId}/cancel`, { now: true }),
      '400 request-invalid',
    ),
    calling('a page without an end', get('devices?limit=1000000'), '400 request-invalid'),
    calling(
      'an image path that climbs',
      { line: 'GET /api/v1/images/..%2f..%2foperator.token' },
      '400 digest-invalid',
    ),
    calling('an image of another digest', put('0'.repeat(64), SOME_BYTES), '422 digest-mismatch'),
    calling('an image without bytes', put(sha256(Buffer.of()), Buffer.of()), '400 image-empty'),
    calling(
      'an image as JSON',
      put(sha256(SOME_BYTES), Buffer.from('{}'), JSON_TYPE),
      '415 content-type-unsupported',
    ),
    calling(
      'an image beyond the limit',
      { ...put(sha256(SOME_BYTES), SOME_BYTES), headers: { ...BYTES_TYPE, 'content-length': '99999999999' } },
      '413 body-too-large',
    ),
    registering('a manifest that is none', () => Buffer.from('{}'), '422 manifest-malformed'),
    registering(
      'a manifest of which the image is missing',
      ({ sign }) => sign(NEVER_UPLOADED),
      '404 image-missing',
    ),
    registering(
      'a manifest that lies about a length',
      ({ sign }) => sign({ ...NEVER_UPLOADED, content: imageOf('2.0.0'), claims: { length: 5 } }),
      '422 image-length-mismatch',
    ),
    registering(
      'a manifest of an unknown key',
      async ({ sign }) =>
        Buffer.from(
          Buffer.from(await sign({ ...NEVER_UPLOADED, validFor: Seconds(60) }))
            .toString('utf8')
            .replace(/"keyid":"[0-9a-f]{8}/, '"keyid":"00000000'),
        ),
      '422 manifest-signature-invalid',
    ),
    calling(
      'a manifest that is no base64',
      post('software', { signedManifest: '***' }),
      '400 request-invalid',
    ),
  ],
};
