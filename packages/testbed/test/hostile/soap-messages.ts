import { envelope } from '../../src/conformance/soap/bad-documents.ts';
import { type Caller, exchange, http } from './raw-exchange.ts';

const UPLINK = 'urn:postern:uplink:1';
const INTERMEDIARY = 'urn:postern:intermediary:1';
const OPERATOR = 'urn:postern:operator:1';
const DEVICE = 'urn:postern:device:1';
const PREFIXES = `xmlns:d="${DEVICE}" xmlns:i="${INTERMEDIARY}" xmlns:t="urn:postern:types:1"`;

/** The bytes of a SOAP 1.1 request. */
export const soapRequest = (
  path: string,
  document: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Buffer => http(`POST ${path}`, { 'content-type': 'text/xml; charset=utf-8', ...headers }, document);

/** Calls an operation with its payload as text, so that it can be anything. */
export const callSoap = (port: number, caller: Caller, path: string, payload: string): Promise<string> =>
  exchange(port, caller, soapRequest(path, envelope(payload)));

/** An operation's element around what it has inside; `d`, `i` and `t` are prefixes there. */
const operation =
  (namespace: string) =>
  (name: string, inside = ''): string =>
    `<${name} xmlns="${namespace}" ${PREFIXES}>${inside}</${name}>`;

export const uplink = operation(UPLINK);
export const intermediary = operation(INTERMEDIARY);
export const device = operation(DEVICE);
export const operator = operation(OPERATOR);

/** Elements one after the other: `{ a: 1 }` is `<a>1</a>`; what is undefined is left out. */
export const elements = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${value}</${name}>`))
    .join('');

export const POLL = { sessionId: 'session', holdSeconds: 0, capacity: 0 };

export const poll = (more = ''): string => uplink('Poll', `${elements(POLL)}${more}`);

/** A d:DeviceInformation's elements, with the prefix `d`. */
export const information = (deviceId: string, changes: Readonly<Record<string, string>> = {}): string =>
  elements({
    'd:deviceId': deviceId,
    'd:model': 'Postern MFP-100',
    'd:components': '<t:item><t:component>firmware</t:component><t:version>1.0.0</t:version></t:item>',
    'd:bulkPathKind': 'ftp',
    ...changes,
  });

export const notifyStart = (deviceId: string, more = ''): string =>
  intermediary('NotifyStart', `${elements({ deviceId, program: 'firmware' })}${more}`);

/** `StoreOneTimePassword` of a job that is not the site's. */
export const credential = (
  userName: string,
  oneTimePassword: string,
  signedManifest: Uint8Array | undefined,
  changes: Readonly<Record<string, string | number>> = {},
): string =>
  device(
    'StoreOneTimePassword',
    elements({
      userName,
      oneTimePassword,
      lifetimeSeconds: 3_600,
      jobId: 'job-of-the-test',
      purpose: undefined,
      signedManifest: signedManifest && Buffer.from(signedManifest).toString('base64'),
      ...changes,
    }),
  );
