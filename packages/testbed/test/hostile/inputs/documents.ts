import { gzipSync } from 'node:zlib';
import { badDocuments, envelope } from '../../../src/conformance/soap/bad-documents.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { HostileSite } from '../hostile-site.ts';
import { type Caller, exchange, http, soapAnswer } from '../raw-exchange.ts';
import { soapRequest } from '../soap-messages.ts';

/** A SOAP listener, as somebody sees it whom it lets in. */
export interface SoapTarget {
  readonly path: string;
  readonly port: (site: HostileSite) => number;
  readonly caller: (site: HostileSite) => Caller;
  /** A good call: an element with a default namespace and, inside, an element without children first. */
  readonly good: string;
  /** Bytes of the longest body. */
  readonly bodyBytes: number;
  /** What other paths of the listener answer, where they are not all the contract's. */
  readonly elsewhere?: string;
}

/** A fault without detail. */
const REFUSED_BY_KIND = {
  'version-mismatch': '500 VersionMismatch',
  'must-understand': '500 MustUnderstand',
  client: '500 Client',
  server: '500 Server',
};

/** Documents and HTTP requests that no SOAP listener takes. */
export const badSoapRequests = (target: SoapTarget): readonly HostileInput[] => {
  const { path, good, bodyBytes, elsewhere = '404 Client not-found' } = target;
  const whole = envelope(good);

  const raw = (name: string, bytes: Buffer, expected: string): HostileInput => ({
    name,
    send: async (site) => soapAnswer(await exchange(target.port(site), target.caller(site), bytes)),
    expect: expected,
  });
  const document = (
    name: string,
    content: string | Uint8Array,
    code: string,
    headers: Readonly<Record<string, string>> = {},
  ): HostileInput =>
    raw(name, soapRequest(path, content, headers), /^\d/.test(code) ? code : `500 Client ${code}`);

  return [
    ...badDocuments(good).map(({ title, document: content, kind, code }) =>
      document(title, content, code ?? REFUSED_BY_KIND[kind]),
    ),
    document('an empty body', '', 'xml-malformed'),
    document(
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(whole.slice(0, 60)), Buffer.from([0xff, 0xfe])]),
      'encoding-unsupported',
    ),
    document('the action of another operation', whole, 'soap-action-mismatch', {
      soapaction: '"urn:postern:other"',
    }),
    document('a body beyond the limit', Buffer.alloc(bodyBytes + 1, 0x20), '413 Client body-too-large'),
    document(
      'a body that grows beyond the limit',
      gzipSync(Buffer.alloc(32 * 1_024 * 1_024, 0x20)),
      '413 Client body-too-large',
      { 'content-encoding': 'gzip' },
    ),
    document('gzip that is none', whole, '400 Client content-encoding-broken', {
      'content-encoding': 'gzip',
    }),
    document('a content encoding that nobody speaks', whole, '415 Client content-encoding-unsupported', {
      'content-encoding': 'br',
    }),
    document('JSON', '{}', '415 Client content-type-unsupported', { 'content-type': 'application/json' }),
    document('another charset', whole, '415 Client content-type-unsupported', {
      'content-type': 'text/xml; charset=utf-16',
    }),
    raw('a path that climbs', soapRequest(`${path}/../../etc/passwd`, whole), elsewhere),
    raw('another path', soapRequest('/admin', whole), elsewhere),
    raw('another method', http(`DELETE ${path}`), '405 Client method-not-allowed'),
    raw('a contract file that climbs', http(`GET ${path}?xsd=../../package.json`), '404 Client not-found'),
    raw('headers without an end', http(`POST ${path}`, { 'x-long': 'x'.repeat(32 * 1_024) }), '431'),
    raw('two lengths', http(`POST ${path}`, { 'transfer-encoding': 'chunked' }, whole), '400'),
    raw('no HTTP', Buffer.from('\0\0\0hello\r\n\r\n'), '400'),
  ];
};
