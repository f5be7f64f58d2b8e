import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Milliseconds } from '@postern/core';
import type { SoapListener } from '@postern/soap-rpc';
import {
  ENVELOPE_11,
  ENVELOPE_12,
  envelope,
  exchange,
  GOOD,
  http,
  listen,
  POLL_INSIDE,
  parseAnswer,
  poll,
} from '../helpers.ts';

let listener: SoapListener;
beforeAll(async () => {
  listener = await listen({
    bodyBytes: 64 * 1024,
    headersTimeout: Milliseconds(300),
    bodyTimeout: Milliseconds(200),
  });
});
afterAll(() => listener.close());

const expectStillAnswers = async (): Promise<void> => {
  expect(parseAnswer(await exchange(listener.port, http(GOOD))).status).toBe(200);
};

const soap12 = { 'content-type': 'application/soap+xml' };
const header = (inside: string): string => `<e:Header>${inside}</e:Header>`;
const must = (value: string, more = ''): string =>
  header(`<x:H xmlns:x="urn:x" e:mustUnderstand="${value}" ${more}/>`);
const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

type Case = readonly [
  what: string,
  request: Uint8Array,
  status: number,
  fault: string,
  code: string | undefined,
];

const documents: readonly Case[] = [
  ['a DOCTYPE', http(`<!DOCTYPE x>${GOOD}`), 500, 'Client', 'doctype-forbidden'],
  [
    'an external entity',
    http(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${envelope(poll('&e;'))}`),
    500,
    'Client',
    'doctype-forbidden',
  ],
  [
    'an external DTD',
    http(`<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">${GOOD}`),
    500,
    'Client',
    'doctype-forbidden',
  ],
  [
    'a billion laughs',
    http(`<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><x>&l9;</x>`),
    500,
    'Client',
    'doctype-forbidden',
  ],
  [
    'an undefined entity',
    http(envelope(poll('<sessionId>&x;</sessionId>'))),
    500,
    'Client',
    'entity-forbidden',
  ],
  ['a processing instruction', http(envelope('<?x y?>')), 500, 'Client', 'processing-instruction-forbidden'],
  ['no XML', http('hello'), 500, 'Client', 'xml-malformed'],
  ['JSON', http('{"Poll":{}}'), 500, 'Client', 'xml-malformed'],
  ['nothing', http(''), 500, 'Client', 'xml-malformed'],
  ['half a document', http(GOOD.slice(0, 80)), 500, 'Client', 'xml-malformed'],
  ['a document and more', http(`${GOOD}<x/>`), 500, 'Client', 'xml-malformed'],
  ['an undeclared prefix', http('<e:Envelope/>'), 500, 'Client', 'xml-malformed'],
  [
    'invalid UTF-8',
    http(Buffer.from(GOOD.replace('>s<', '>\xe4<'), 'latin1')),
    500,
    'Client',
    'encoding-unsupported',
  ],
  [
    'overlong UTF-8',
    http(Buffer.from(GOOD.replace('>s<', '>\xc0\xaf<'), 'latin1')),
    500,
    'Client',
    'encoding-unsupported',
  ],
  [
    'a surrogate in UTF-8',
    http(Buffer.from(GOOD.replace('>s<', '>\xed\xa0\x80<'), 'latin1')),
    500,
    'Client',
    'encoding-unsupported',
  ],
  ['a surrogate by reference', http(GOOD.replace('>s<', '>&#xD800;<')), 500, 'Client', 'entity-forbidden'],
  ['UTF-16', http(Buffer.from(`\ufeff${GOOD}`, 'utf16le')), 500, 'Client', 'encoding-unsupported'],
  [
    'a declared encoding',
    http(`<?xml version="1.0" encoding="UTF-16"?>${GOOD}`),
    500,
    'Client',
    'encoding-unsupported',
  ],
  ['NUL', http(GOOD.replace('>s<', '>\0<')), 500, 'Client', 'xml-malformed'],
  ['a nesting bomb', http('<a>'.repeat(10_000)), 500, 'Client', 'envelope-invalid'],
  [
    'a nesting bomb in a header',
    http(envelope(poll(), ENVELOPE_11, header(`${'<x xmlns="urn:x">'.repeat(1000)}`))),
    500,
    'Client',
    'too-deep',
  ],
  [
    'many attributes',
    http(envelope(`<Poll ${Array.from({ length: 3000 }, (_, i) => `a${i}=""`).join(' ')}/>`)),
    500,
    'Client',
    'too-many-attributes',
  ],
  ['a huge text', http(GOOD.replace('>s<', `>${'x'.repeat(60_000)}<`)), 500, 'Client', 'value-invalid'],
];

const envelopes: readonly Case[] = [
  ['another root', http('<Poll xmlns="urn:postern:uplink:1"/>'), 500, 'Client', 'envelope-invalid'],
  ['another envelope namespace', http(envelope(poll(), 'urn:x')), 500, 'VersionMismatch', undefined],
  ['a SOAP 1.2 envelope as text/xml', http(envelope(poll(), ENVELOPE_12)), 500, 'VersionMismatch', undefined],
  [
    'a SOAP 1.1 envelope as application/soap+xml',
    http(GOOD, soap12),
    500,
    'VersionMismatch',
    'version-mismatch',
  ],
  ['no body', http(`<e:Envelope xmlns:e="${ENVELOPE_11}"/>`), 500, 'Client', 'envelope-invalid'],
  ['an empty body', http(envelope('')), 500, 'Client', 'envelope-invalid'],
  ['two elements in the body', http(envelope(poll() + poll())), 500, 'Client', 'envelope-invalid'],
  [
    'two bodies',
    http(GOOD.replace('</e:Envelope>', `<e:Body>${poll()}</e:Body></e:Envelope>`)),
    500,
    'Client',
    'envelope-invalid',
  ],
  [
    'a header after the body',
    http(GOOD.replace('</e:Envelope>', '<e:Header/></e:Envelope>')),
    500,
    'Client',
    'envelope-invalid',
  ],
  [
    'two headers',
    http(envelope(poll(), ENVELOPE_11, header('') + header(''))),
    500,
    'Client',
    'envelope-invalid',
  ],
  [
    'a stranger beside the body',
    http(envelope(poll(), ENVELOPE_11, '<x xmlns="urn:x"/>')),
    500,
    'Client',
    'envelope-invalid',
  ],
  [
    'a header block in no namespace',
    http(envelope(poll(), ENVELOPE_11, header('<x/>'))),
    500,
    'Client',
    'envelope-invalid',
  ],
  ['text in the envelope', http(envelope(poll(), ENVELOPE_11, 'x')), 500, 'Client', 'text-unexpected'],
  ['text in the body', http(envelope(`x${poll()}`)), 500, 'Client', 'text-unexpected'],
  [
    'an attribute of the body',
    http(GOOD.replace('<e:Body>', '<e:Body id="x">')),
    500,
    'Client',
    'attribute-unexpected',
  ],
  ['mustUnderstand', http(envelope(poll(), ENVELOPE_11, must('1'))), 500, 'MustUnderstand', undefined],
  [
    'mustUnderstand for the next node',
    http(envelope(poll(), ENVELOPE_11, must('1', 'e:actor="http://schemas.xmlsoap.org/soap/actor/next"'))),
    500,
    'MustUnderstand',
    undefined,
  ],
  [
    'mustUnderstand with a bad payload',
    http(envelope('<x/>', ENVELOPE_11, must('1'))),
    500,
    'MustUnderstand',
    undefined,
  ],
  [
    'mustUnderstand of no value',
    http(envelope(poll(), ENVELOPE_11, must('yes'))),
    500,
    'Client',
    'envelope-invalid',
  ],
  [
    'mustUnderstand true in SOAP 1.1',
    http(envelope(poll(), ENVELOPE_11, must('true'))),
    500,
    'Client',
    'envelope-invalid',
  ],
  [
    'mustUnderstand true in SOAP 1.2',
    http(envelope(poll(), ENVELOPE_12, must('true')), soap12),
    500,
    'MustUnderstand',
    'header-not-understood',
  ],
  [
    'an unknown operation',
    http(envelope('<Reboot xmlns="urn:postern:uplink:1"/>')),
    500,
    'Client',
    'operation-unknown',
  ],
  [
    'an operation of another contract',
    http(envelope('<GetCounters xmlns="urn:postern:device:1"/>')),
    500,
    'Client',
    'operation-unknown',
  ],
  [
    'a response as a request',
    http(envelope('<PollResponse xmlns="urn:postern:uplink:1"/>')),
    500,
    'Client',
    'operation-unknown',
  ],
  ['an operation in no namespace', http(envelope('<Poll/>')), 500, 'Client', 'operation-unknown'],
  [
    'another SOAPAction',
    http(GOOD, { soapaction: '"urn:postern:uplink:1:Deliver"' }),
    500,
    'Client',
    'soap-action-mismatch',
  ],
  [
    'another action parameter',
    http(envelope(poll(), ENVELOPE_12), { 'content-type': 'application/soap+xml; action="urn:x"' }),
    400,
    'Sender',
    'soap-action-mismatch',
  ],
];

const payloads: readonly Case[] = [
  ['an unknown element', http(envelope(poll(`${POLL_INSIDE}<x/>`))), 500, 'Client', 'element-unexpected'],
  ['a missing element', http(envelope(poll('<sessionId>s</sessionId>'))), 500, 'Client', 'element-missing'],
  [
    'a repeated element',
    http(envelope(poll(`${POLL_INSIDE}<capacity>1</capacity>`))),
    500,
    'Client',
    'element-repeated',
  ],
  ['misordered elements', http(envelope(poll('<capacity>1</capacity>'))), 500, 'Client', 'element-missing'],
  [
    'a child of another namespace',
    http(envelope(poll(POLL_INSIDE.replace('<sessionId', '<sessionId xmlns="urn:x"')))),
    500,
    'Client',
    'element-namespace-wrong',
  ],
  ['a wrong type', http(GOOD.replace('>7<', '>seven<')), 500, 'Client', 'value-invalid'],
  ['a number beyond its range', http(GOOD.replace('>7<', '>9999999<')), 500, 'Client', 'value-invalid'],
  [
    'a number beyond every range',
    http(GOOD.replace('>7<', `>${'9'.repeat(400)}<`)),
    500,
    'Client',
    'value-invalid',
  ],
  ['an identifier with a path in it', http(GOOD.replace('>s<', '>../../x<')), 500, 'Client', 'value-invalid'],
  ['text between elements', http(envelope(poll(`x${POLL_INSIDE}`))), 500, 'Client', 'text-unexpected'],
  [
    'an attribute',
    http(GOOD.replace('<capacity>', '<capacity x="">')),
    500,
    'Client',
    'attribute-unexpected',
  ],
  [
    'xsi:nil',
    http(
      GOOD.replace('<capacity>', '<capacity xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1">'),
    ),
    500,
    'Client',
    'attribute-unexpected',
  ],
  ['an element inside text', http(GOOD.replace('>s<', '><b/><')), 500, 'Client', 'element-unexpected'],
  [
    'a bad payload in SOAP 1.2',
    http(envelope(poll('<x/>'), ENVELOPE_12), soap12),
    400,
    'Sender',
    'element-unexpected',
  ],
];

const bomb = gzipSync(Buffer.alloc(10_000_000, 0x20));
const chunked = { 'content-length': '', 'transfer-encoding': 'chunked' };
const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;

const carriage: readonly Case[] = [
  ['GET', http('', {}, 'GET /uplink HTTP/1.1'), 405, 'Client', 'method-not-allowed'],
  ['PUT', http(GOOD, {}, 'PUT /uplink HTTP/1.1'), 405, 'Client', 'method-not-allowed'],
  ['another path', http(GOOD, {}, 'POST /uplink/ HTTP/1.1'), 404, 'Client', 'not-found'],
  ['the name of a property as path', http(GOOD, {}, 'POST /__proto__ HTTP/1.1'), 404, 'Client', 'not-found'],
  ['no content type', http(GOOD, { 'content-type': '' }), 415, 'Client', 'content-type-unsupported'],
  [
    'application/json',
    http(GOOD, { 'content-type': 'application/json' }),
    415,
    'Client',
    'content-type-unsupported',
  ],
  [
    'another charset',
    http(GOOD, { 'content-type': 'text/xml; charset=utf-16' }),
    415,
    'Client',
    'content-type-unsupported',
  ],
  [
    'broken parameters',
    http(GOOD, { 'content-type': 'text/xml; charset' }),
    415,
    'Client',
    'content-type-unsupported',
  ],
  ['an announced body beyond the limit', http('x'.repeat(70_000)), 413, 'Client', 'body-too-large'],
  [
    'an announced body beyond every limit',
    http('', { 'content-length': '99999999999', expect: '100-continue' }),
    413,
    'Client',
    'body-too-large',
  ],
  [
    'a chunked body beyond the limit',
    http(`${chunk(40_000)}${chunk(40_000)}0\r\n\r\n`, chunked),
    413,
    'Client',
    'body-too-large',
  ],
  ['brotli', http(GOOD, { 'content-encoding': 'br' }), 415, 'Client', 'content-encoding-unsupported'],
  [
    'gzip twice',
    http(GOOD, { 'content-encoding': 'gzip, gzip' }),
    415,
    'Client',
    'content-encoding-unsupported',
  ],
  [
    'gzip of junk',
    http('not gzip at all', { 'content-encoding': 'gzip' }),
    400,
    'Client',
    'content-encoding-broken',
  ],
  [
    'gzip cut short',
    http(gzipSync(GOOD).subarray(0, 40), { 'content-encoding': 'gzip' }),
    400,
    'Client',
    'content-encoding-broken',
  ],
  [
    'deflate of junk',
    http('zzzz', { 'content-encoding': 'deflate' }),
    400,
    'Client',
    'content-encoding-broken',
  ],
  ['a gzip bomb', http(bomb, { 'content-encoding': 'gzip' }), 413, 'Client', 'body-too-large'],
  [
    'a bad gzip in SOAP 1.2',
    http('x', { ...soap12, 'content-encoding': 'gzip' }),
    400,
    'Sender',
    'content-encoding-broken',
  ],
  [
    'a body that does not arrive',
    http(GOOD.slice(0, 10), { 'content-length': String(GOOD.length) }),
    408,
    'Client',
    'request-timeout',
  ],
  ['a chunk that does not arrive', http('5\r\nhel', chunked), 408, 'Client', 'request-timeout'],
  [
    'a Host that is none',
    http('', { host: '"><x' }, 'GET /uplink?wsdl HTTP/1.1'),
    400,
    'Client',
    'host-invalid',
  ],
  [
    'a contract file of no name',
    http('', {}, 'GET /uplink?xsd=../package.json HTTP/1.1'),
    404,
    'Client',
    'not-found',
  ],
  [
    'a contract file by the name of a property',
    http('', {}, 'GET /uplink?xsd=__proto__ HTTP/1.1'),
    404,
    'Client',
    'not-found',
  ],
];

describe.each([
  ['documents', documents],
  ['envelopes', envelopes],
  ['payloads', payloads],
  ['carriage', carriage],
])('%s', (_, cases) => {
  test.each(cases)(
    '%s is refused and the next request answered',
    async (_what, request, status, fault, code) => {
      const answer = parseAnswer(await exchange(listener.port, request));
      expect({ ...answer, text: undefined }).toEqual({ status, fault, code, text: undefined });
      await expectStillAnswers();
    },
  );
});

const broken: readonly [what: string, request: Uint8Array, status: number][] = [
  ['no HTTP', Buffer.from('hello\r\n\r\n'), 400],
  ['huge headers', http(GOOD, { x: 'x'.repeat(20_000) }), 431],
  ['both lengths', http(GOOD, { 'transfer-encoding': 'chunked' }), 400],
  ['a broken chunk size', http('zz\r\n', chunked), 400],
  ['a negative length', http(GOOD, { 'content-length': '-1' }), 400],
  ['headers that do not arrive', Buffer.from('POST /uplink HTTP/1.1\r\nHost: x\r\n'), 408],
];

test.each(broken)('%s ends the connection', async (_, request, status) => {
  const received = await exchange(listener.port, request, () => false);
  expect(parseAnswer(received).status).toBe(status);
  await expectStillAnswers();
});

test('a connection on which nothing comes is cut', async () => {
  await exchange(listener.port, Buffer.alloc(0), () => false);
  await expectStillAnswers();
});

test('what is unusual but right is answered', async () => {
  const good: readonly Uint8Array[] = [
    http(GOOD, { 'content-type': 'Text/XML;charset="UTF-8"', soapaction: '""' }),
    http(GOOD, { soapaction: 'urn:postern:uplink:1:Poll' }),
    http(`\ufeff${GOOD}`),
    http(gzipSync(GOOD), { 'content-encoding': 'gzip' }),
    http(deflateSync(GOOD), { 'content-encoding': 'Deflate' }),
    http(`${GOOD.length.toString(16)}\r\n${GOOD}\r\n0\r\n\r\n`, chunked),
    http(envelope(poll(), ENVELOPE_11, must('0'))),
    http(envelope(poll(), ENVELOPE_11, must('1', 'e:actor="urn:somebody-else"'))),
    http(envelope(poll(), ENVELOPE_12), {
      'content-type': 'application/soap+xml; action="urn:postern:uplink:1:Poll"',
    }),
  ];
  for (const request of good) {
    expect(parseAnswer(await exchange(listener.port, request)).status).toBe(200);
  }
});

test('after a refusal the same connection goes on', async () => {
  const refused = http('x'.repeat(70_000));
  const received = await exchange(
    listener.port,
    Buffer.concat([refused, http(GOOD)]),
    (text) => text.includes('</e:Envelope>') || /HTTP\/1\.1 200[\s\S]*<\/soap:Envelope>/.test(text),
  );
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});

test('pipelined requests are answered in order, up to the limit', async () => {
  const numbers = [1, 2, 3, 4, 5];
  const requests = Buffer.concat(numbers.map((number) => http(GOOD.replace('>7<', `>${number}<`))));
  const received = await exchange(
    listener.port,
    requests,
    (text) => text.split('</soap:Envelope>').length > 5,
  );
  const seconds = [...received.matchAll(/<nextPollSeconds>(\d+)</g)].map(([, number]) => Number(number));
  expect(seconds).toEqual(numbers);
});

test('Expect: 100-continue is answered before the body is sent', async () => {
  const whole = http(GOOD, { expect: '100-continue' });
  const head = whole.subarray(0, whole.indexOf('\r\n\r\n') + 4);
  const received = await exchange(listener.port, head, (text) => text.includes('100 Continue'));
  expect(received).toContain('HTTP/1.1 100 Continue');
});
