import { gzipSync } from 'node:zlib';
import type { HostileInput } from '../hostile-input.ts';
import type { HostileSite } from '../hostile-site.ts';
import { type Caller, exchange, http, soapAnswer } from '../raw-exchange.ts';
import { envelope, soapRequest } from '../soap-messages.ts';

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

const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join(
  '',
);

/** Documents and HTTP requests that no SOAP listener takes. */
export const badDocuments = (target: SoapTarget): readonly HostileInput[] => {
  const { path, good, bodyBytes, elsewhere = '404 Client not-found' } = target;
  const whole = envelope(good);
  const first = /<(\w+)>[^<]*<\/\w+>/.exec(good)?.[0] ?? '';
  const name = /^<(\w+)>/.exec(first)?.[1] ?? '';
  const root = /^<(\w+)/.exec(good)?.[1] ?? '';

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
  const instead = (of: string, by: string): string => envelope(good.replace(of, by));
  const before = (end: string): string => envelope(good.replace(`</${root}>`, `${end}</${root}>`));

  const moved = good.replace(first, '').replace(`</${root}>`, `${first}</${root}>`);

  return [
    document(
      'a DOCTYPE with an external entity',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${whole}`,
      'doctype-forbidden',
    ),
    document('a billion laughs', `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><x>&l9;</x>`, 'doctype-forbidden'),
    document(
      'an entity that is none of XML',
      instead(first, `<${name}>&secret;</${name}>`),
      'entity-forbidden',
    ),
    document('a processing instruction', envelope(`<?php x?>${good}`), 'processing-instruction-forbidden'),
    document('no XML', 'hello', 'xml-malformed'),
    document('an empty body', '', 'xml-malformed'),
    document('half a document', whole.slice(0, whole.length / 2), 'xml-malformed'),
    document(
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(whole.slice(0, 60)), Buffer.from([0xff, 0xfe])]),
      'encoding-unsupported',
    ),
    document('an envelope of no SOAP version', envelope(good, '', 'urn:other'), '500 VersionMismatch'),
    document('two calls in one body', envelope(good + good), 'envelope-invalid'),
    document('a body without a call', envelope(''), 'envelope-invalid'),
    document(
      'an operation of another name',
      envelope(good.replaceAll(root, 'DropTables')),
      'operation-unknown',
    ),
    document(
      'an operation of another namespace',
      envelope(good.replace(/urn:postern:(?!types)\w+:1/, 'urn:other:1')),
      'operation-unknown',
    ),
    document(
      'an element of another namespace',
      instead(`<${name}>`, `<${name} xmlns="urn:other">`),
      'element-namespace-wrong',
    ),
    document('an unknown element', before('<backdoor>1</backdoor>'), 'element-unexpected'),
    document('a missing element', instead(first, ''), 'element-missing'),
    document('an element twice', instead(first, first + first), 'element-repeated'),
    // One that is alone has no other place.
    ...(moved === good
      ? []
      : [document('an element at the wrong place', envelope(moved), 'element-missing')]),
    document('an attribute', instead(`<${name}>`, `<${name} id="1">`), 'attribute-unexpected'),
    document('text between elements', instead(first, `text${first}`), 'text-unexpected'),
    document(
      'a value of the wrong form',
      instead(first, `<${name}>../../etc/passwd</${name}>`),
      'value-invalid',
    ),
    document(
      'a header that must be understood',
      envelope(good, '<e:Header><x:h xmlns:x="urn:x" e:mustUnderstand="1"/></e:Header>'),
      '500 MustUnderstand',
    ),
    document('a document without a bottom', envelope('<a>'.repeat(1_000)), 'operation-unknown'),
    document(
      'elements within elements without an end',
      envelope(good, `<e:Header>${'<x:a xmlns:x="urn:x">'.repeat(1_000)}`),
      'too-deep',
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
