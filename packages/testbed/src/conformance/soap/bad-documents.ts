import type { FaultKind } from '@postern/soap-rpc';
import type { CheckLevel } from '../check.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

/** A SOAP 1.1 envelope as text, so that everything in it can be anything. */
export const envelope = (payload: string, header = '', namespace = ENVELOPE): string =>
  `<e:Envelope xmlns:e="${namespace}">${header}<e:Body>${payload}</e:Body></e:Envelope>`;

/** A document that no service of a contract takes. */
export interface BadDocument {
  readonly id: string;
  readonly title: string;
  readonly level: CheckLevel;
  /** Where it is forbidden. */
  readonly section: string;
  readonly document: string;
  /** Whom the fault has to blame. */
  readonly kind: FaultKind;
  /** Our code for it; a fault of `version-mismatch` and `must-understand` has no detail. */
  readonly code?: string;
}

const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join(
  '',
);

/**
 * @param good a good call's payload: an element with a default namespace and, inside, an element without children first
 */
export const badDocuments = (good: string): readonly BadDocument[] => {
  const whole = envelope(good);
  const first = /<(\w+)>[^<]*<\/\w+>/.exec(good)?.[0] ?? '';
  const name = /^<(\w+)>/.exec(first)?.[1] ?? '';
  const root = /^<(\w+)/.exec(good)?.[1] ?? '';
  const instead = (of: string, by: string): string => envelope(good.replace(of, by));
  const before = (end: string): string => envelope(good.replace(`</${root}>`, `${end}</${root}>`));
  const moved = good.replace(first, '').replace(`</${root}>`, `${first}</${root}>`);

  const bad = (
    level: CheckLevel,
    section: string,
    id: string,
    title: string,
    document: string,
    code: string,
  ): BadDocument => ({ id, title, level, section, document, kind: 'client', code });

  return [
    bad(
      'required',
      'SOAP 1.1 §3',
      'doctype',
      'a DOCTYPE with an external entity',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${whole}`,
      'doctype-forbidden',
    ),
    bad(
      'required',
      'SOAP 1.1 §3',
      'entity-expansion',
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><x>&l9;</x>`,
      'doctype-forbidden',
    ),
    bad(
      'required',
      'XML 1.0 §4.1',
      'entity-unknown',
      'an entity that is none of XML',
      instead(first, `<${name}>&secret;</${name}>`),
      'entity-forbidden',
    ),
    bad(
      'recommended',
      'SOAP 1.1 §3',
      'processing-instruction',
      'a processing instruction',
      envelope(`<?php x?>${good}`),
      'processing-instruction-forbidden',
    ),
    bad('required', 'XML 1.0 §2.1', 'no-xml', 'no XML', 'hello', 'xml-malformed'),
    bad(
      'required',
      'XML 1.0 §2.1',
      'half-document',
      'half a document',
      whole.slice(0, whole.length / 2),
      'xml-malformed',
    ),
    {
      id: 'envelope-foreign',
      title: 'an envelope of no SOAP version',
      level: 'recommended',
      section: 'SOAP 1.1 §4.1.2',
      document: envelope(good, '', 'urn:other'),
      kind: 'version-mismatch',
    },
    bad(
      'recommended',
      'WS-I BP 1.1 R2201',
      'two-calls',
      'two calls in one body',
      envelope(good + good),
      'envelope-invalid',
    ),
    bad('required', 'WSDL', 'no-call', 'a body without a call', envelope(''), 'envelope-invalid'),
    bad(
      'required',
      'WSDL',
      'operation-unknown',
      'an operation of another name',
      envelope(good.replaceAll(root, 'DropTables')),
      'operation-unknown',
    ),
    bad(
      'required',
      'WSDL',
      'operation-namespace',
      'an operation of another namespace',
      envelope(good.replace(/urn:postern:(?!types)\w+:1/, 'urn:other:1')),
      'operation-unknown',
    ),
    bad(
      'required',
      'XSD',
      'element-namespace',
      'an element of another namespace',
      instead(`<${name}>`, `<${name} xmlns="urn:other">`),
      'element-namespace-wrong',
    ),
    bad(
      'required',
      'XSD',
      'element-unknown',
      'an unknown element',
      before('<backdoor>1</backdoor>'),
      'element-unexpected',
    ),
    bad('required', 'XSD', 'element-missing', 'a missing element', instead(first, ''), 'element-missing'),
    bad(
      'required',
      'XSD',
      'element-repeated',
      'an element twice',
      instead(first, first + first),
      'element-repeated',
    ),
    // One that is alone has no other place.
    ...(moved === good
      ? []
      : [
          bad(
            'recommended',
            'XSD',
            'element-order',
            'an element at the wrong place',
            envelope(moved),
            'element-missing',
          ),
        ]),
    bad(
      'recommended',
      'XSD',
      'attribute',
      'an attribute',
      instead(`<${name}>`, `<${name} id="1">`),
      'attribute-unexpected',
    ),
    bad(
      'recommended',
      'XSD',
      'text-between',
      'text between elements',
      instead(first, `text${first}`),
      'text-unexpected',
    ),
    bad(
      'required',
      'XSD',
      'value-invalid',
      'a value of the wrong form',
      instead(first, `<${name}>../../etc/passwd</${name}>`),
      'value-invalid',
    ),
    {
      id: 'must-understand',
      title: 'a header that must be understood',
      level: 'recommended',
      section: 'SOAP 1.1 §4.2.3',
      document: envelope(good, '<e:Header><x:h xmlns:x="urn:x" e:mustUnderstand="1"/></e:Header>'),
      kind: 'must-understand',
    },
    bad(
      'required',
      'WSDL',
      'deep-body',
      'a document without a bottom',
      envelope('<a>'.repeat(1_000)),
      'operation-unknown',
    ),
    bad(
      'required',
      'SOAP 1.1 §4.2',
      'deep-header',
      'elements within elements without an end',
      envelope(good, `<e:Header>${'<x:a xmlns:x="urn:x">'.repeat(1_000)}`),
      'too-deep',
    ),
  ];
};
