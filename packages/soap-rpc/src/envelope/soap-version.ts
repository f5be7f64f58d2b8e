/** The two versions that are spoken. */
export type SoapVersion = '1.1' | '1.2';

export const ENVELOPE_NAMESPACES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** Media type of requests and responses, with the charset that both are in. */
export const CONTENT_TYPES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
};

/** What a Content-Type header says about a SOAP message. */
export interface SoapContentType {
  readonly version: SoapVersion;
  /** The `action` parameter of SOAP 1.2 (RFC 3902). */
  readonly action: string | undefined;
}

const PARAMETER = /;[ \t]*([A-Za-z0-9!#$%&'*+.^_`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))[ \t]*/y;

/**
 * Reads a Content-Type header (RFC 9110 §8.3.1).
 *
 * @returns undefined when it is neither text/xml nor application/soap+xml, or not in UTF-8
 */
export const parseContentType = (header: string | undefined): SoapContentType | undefined => {
  if (header === CONTENT_TYPES['1.1']) return PLAIN_11;
  const [, type = '', rest = ''] = /^[ \t]*([^\s;]+)[ \t]*(.*)$/.exec(header ?? '') ?? [];
  const version = VERSIONS.get(type.toLowerCase());
  if (version === undefined) return undefined;
  let action: string | undefined;
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < rest.length) {
    const match = PARAMETER.exec(rest);
    if (match === null) return undefined;
    const [, name = '', quoted, token = ''] = match;
    const value = quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1');
    if (name.toLowerCase() === 'charset' && !/^(utf-8|us-ascii)$/i.test(value)) return undefined;
    if (name.toLowerCase() === 'action') action = value;
  }
  return { version, action };
};

/** What nearly every SOAP 1.1 message says, ours among them. */
const PLAIN_11: SoapContentType = { version: '1.1', action: undefined };

const VERSIONS = new Map<string, SoapVersion>([
  ['text/xml', '1.1'],
  ['application/soap+xml', '1.2'],
]);

/** The value of a SOAPAction header (SOAP 1.1 §6.1.1), quoted or not; undefined when it says nothing. */
export const parseSoapAction = (header: string | undefined): string | undefined => {
  const value = header?.trim() ?? '';
  const quoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return (quoted ? value.slice(1, -1) : value) || undefined;
};
