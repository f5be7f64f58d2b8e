import type { ProgramKind, StartNotification } from '../program.ts';

/** What a device says of its start in plain HTTP. */
export interface StartNotice extends Omit<StartNotification, 'notifyStartAt'> {
  readonly deviceId: string;
  readonly program: ProgramKind;
  readonly bulkPath: { readonly host: string; readonly port: number };
}

/** SOAP 1.1 §6.1.1; the same as in wsdl/intermediary.wsdl. */
export const START_NOTICE_ACTION = 'urn:postern:intermediary:1:NotifyStart';

/**
 * `NotifyStart` of the intermediary contract as a SOAP 1.1 envelope, from a fixed template: the updater program has
 * no XML library.
 *
 * @spec D5 U6
 */
export const writeStartNotice = ({ deviceId, program, bulkPath, jobId, mac }: StartNotice): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>',
    '<i:NotifyStart xmlns:i="urn:postern:intermediary:1" xmlns:t="urn:postern:types:1">',
    element('i:deviceId', deviceId),
    element('i:program', program),
    `<i:bulkPath>${element('t:host', bulkPath.host)}${element('t:port', String(bulkPath.port))}</i:bulkPath>`,
    jobId === undefined ? '' : element('i:jobId', jobId),
    mac === undefined ? '' : element('i:mac', mac),
    '</i:NotifyStart></e:Body></e:Envelope>',
  ].join('');

const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;

const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (found) => (found === '&' ? '&amp;' : found === '<' ? '&lt;' : '&gt;'));
