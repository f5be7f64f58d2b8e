import { malformed } from './der.ts';

/** Header fields in their order; a name may come several times. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** A MIME entity (RFC 2045), or a message (RFC 5322), of one part. */
export interface Entity {
  readonly fields: HeaderFields;
  readonly body: Uint8Array;
}

const MOST_FIELDS = 100;
const MOST_HEADER_BYTES = 32 * 1_024;

/** RFC 5322 §2.2: printable characters but the colon, then text. */
const FIELD = /^([!-9;-~]{1,76}):[ \t]*(.*)$/;

/** What a field's value may be when we write it: it can begin no other line. */
const WRITABLE = /^[\x20-\x7e]{0,900}$/;

const CRLF = '\r\n';
const END_OF_HEADER = Buffer.from('\r\n\r\n');

/** @throws TypeError for a value that a header field cannot hold */
export const writeEntity = ({ fields, body }: Entity): Buffer => {
  const bad = fields.find(([, value]) => !WRITABLE.test(value));
  if (bad !== undefined) throw new TypeError(`The header field ${bad[0]} cannot hold its value`);
  const header = fields.map(([name, value]) => `${name}: ${value}${CRLF}`).join('');
  return Buffer.concat([Buffer.from(header + CRLF, 'latin1'), body]);
};

/**
 * Splits an entity into header fields and body. Lines end with CR LF and with nothing else.
 *
 * @throws PosternError `mail-malformed`
 */
export const readEntity = (bytes: Uint8Array): Entity => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.subarray(0, MOST_HEADER_BYTES).indexOf(END_OF_HEADER);
  if (end < 0) throw malformed('its header has no end');
  const header = buffer.toString('latin1', 0, end);
  // What follows a line's end after white space belongs to the line before (§2.2.3).
  const lines = header.replace(/\r\n(?=[ \t])/g, '').split(CRLF);
  if (lines.length > MOST_FIELDS) throw malformed('its header is too long');
  const fields = lines.map((line): readonly [string, string] => {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined || /[\0\r\n]/.test(line))
      throw malformed('its header is none');
    return [name, value.trimEnd()];
  });
  return { fields, body: buffer.subarray(end + END_OF_HEADER.length) };
};

/** The value of a field that must be there once. @throws PosternError `mail-malformed` */
export const fieldOf = ({ fields }: Pick<Entity, 'fields'>, name: string): string => {
  const values = fields.filter(([found]) => found.toLowerCase() === name.toLowerCase());
  const [only] = values;
  if (only === undefined || values.length > 1) throw malformed(`it has ${values.length} fields ${name}`);
  return only[1];
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const LINE = /.{1,76}/g;

/** RFC 2045 §6.8. */
export const toBase64Lines = (bytes: Uint8Array): Buffer =>
  Buffer.from(`${(Buffer.from(bytes).toString('base64').match(LINE) ?? []).join(CRLF)}${CRLF}`);

/** @throws PosternError `mail-malformed` for anything but base64 in lines, and empty lines after it */
export const fromBase64Lines = (body: Uint8Array): Buffer => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    .toString('latin1')
    .replace(/\r\n/g, '');
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
  if (bytes === undefined || bytes.length === 0) throw malformed('its body is not base64');
  return bytes;
};
