import { escapeAttribute, escapeText, failureCodec } from '@postern/contracts';
import type { FaultKind } from '../errors.ts';
import type { HeaderName } from './envelope-reader.ts';
import { ENVELOPE_NAMESPACES, type SoapVersion } from './soap-version.ts';

/** What a fault says; on the wire its `t:Failure` detail carries code, message and hint. */
export interface FaultContent {
  readonly kind: FaultKind;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** For `must-understand`: the header blocks. */
  readonly headers?: readonly HeaderName[];
}

const parts = (version: SoapVersion) => {
  const open = `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${ENVELOPE_NAMESPACES[version]}">`;
  return { open, bodyOpen: `${open}<soap:Body>`, close: '</soap:Body></soap:Envelope>' };
};

const PARTS: Readonly<Record<SoapVersion, ReturnType<typeof parts>>> = {
  '1.1': parts('1.1'),
  '1.2': parts('1.2'),
};

/** An envelope around an element that needs no namespaces declared around it. */
export const writeEnvelope = (version: SoapVersion, payload: string): string =>
  PARTS[version].bodyOpen + payload + PARTS[version].close;

/** A fault message. */
export const writeFault = (version: SoapVersion, fault: FaultContent): string =>
  version === '1.1' ? writeFault11(fault) : writeFault12(fault);

const KINDS_11: Readonly<Record<FaultKind, string>> = {
  client: 'soap:Client',
  server: 'soap:Server',
  'version-mismatch': 'soap:VersionMismatch',
  'must-understand': 'soap:MustUnderstand',
};

const KINDS_12: Readonly<Record<FaultKind, string>> = {
  client: 'soap:Sender',
  server: 'soap:Receiver',
  'version-mismatch': 'soap:VersionMismatch',
  'must-understand': 'soap:MustUnderstand',
};

/** SOAP 1.1 §4.4: without a body that was looked at there is no detail. */
const writeFault11 = (fault: FaultContent): string => {
  const detail =
    fault.kind === 'client' || fault.kind === 'server' ? `<detail>${writeFailure(fault)}</detail>` : '';
  const content = `<faultcode>${KINDS_11[fault.kind]}</faultcode><faultstring>${text(fault.message)}</faultstring>${detail}`;
  return writeEnvelope('1.1', `<soap:Fault>${content}</soap:Fault>`);
};

/** SOAP 1.2 part 1 §5.4. */
const writeFault12 = (fault: FaultContent): string => {
  const content = [
    `<soap:Code><soap:Value>${KINDS_12[fault.kind]}</soap:Value></soap:Code>`,
    `<soap:Reason><soap:Text xml:lang="en">${text(fault.message)}</soap:Text></soap:Reason>`,
    `<soap:Detail>${writeFailure(fault)}</soap:Detail>`,
  ].join('');
  const { open, close } = PARTS['1.2'];
  return `${open}${faultHeader(fault)}<soap:Body><soap:Fault>${content}</soap:Fault>${close}`;
};

/** Upgrade (SOAP 1.2 part 1 §5.4.7) and NotUnderstood (§5.4.8) header blocks. */
const faultHeader = (fault: FaultContent): string => {
  if (fault.kind === 'version-mismatch') {
    const supported = (['1.2', '1.1'] as const).map(
      (version, index) =>
        `<soap:SupportedEnvelope qname="v${index}:Envelope" xmlns:v${index}="${ENVELOPE_NAMESPACES[version]}"/>`,
    );
    return `<soap:Header><soap:Upgrade>${supported.join('')}</soap:Upgrade></soap:Header>`;
  }
  if (fault.kind === 'must-understand') {
    const blocks = (fault.headers ?? []).map(
      ({ namespace, name }) =>
        `<soap:NotUnderstood qname="h:${escapeAttribute(name)}" xmlns:h="${escapeAttribute(namespace)}"/>`,
    );
    return `<soap:Header>${blocks.join('')}</soap:Header>`;
  }
  return '';
};

const TEXT_LIMIT = 1024;

/** Any text made fit for a t:Text: cut, and without characters XML cannot carry. */
const printable = (value: string): string => {
  const cut = value.slice(0, TEXT_LIMIT);
  return escapeText(cut) === undefined ? cut.replace(/[^\t\n -~]/g, '?') : cut;
};

const text = (value: string): string => escapeText(printable(value)) ?? '';

const writeFailure = ({ code, message, hint }: FaultContent): string =>
  failureCodec.write({
    code,
    message: printable(message),
    ...(hint === undefined ? {} : { hint: printable(hint) }),
  });
