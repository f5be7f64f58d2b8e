import { type uplink, uplinkContract } from '@postern/contracts';
import { errorMessage, Instant, PosternError } from '@postern/core';
import { readSoapDocument, writeSoapDocument } from '../envelope/soap-document.ts';
import type { MailCode } from '../errors.ts';

/** Requests on their way down by mail, and what a recipient judges them by. All of it stands inside the signature. */
export interface MailedRequests {
  readonly from: string;
  readonly to: string;
  /** Names this one mail; `<…@…>`. */
  readonly messageId: string;
  /** When it was made, to the second. */
  readonly date: Instant;
  /** The intermediary that it is for. */
  readonly intermediary: string;
  /** At least one. */
  readonly requests: readonly uplink.Request[];
}

/** A message: header fields in their order, and a body. */
export interface MailEntity {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

const CODEC = uplinkContract.operations.Poll.response;

/** What never varies. The body's lines are longer than mail allows: it travels encrypted, in base64. */
const FIXED = {
  'MIME-Version': '1.0',
  'Content-Type': 'application/soap+xml; charset=utf-8',
  'Content-Transfer-Encoding': 'binary',
} as const;

/**
 * The message that is signed, then encrypted: its body is what a poll answer would have carried (R9).
 *
 * @throws PosternError of the codec for requests that do not fit the contract
 */
export const writeMailedRequests = (mail: MailedRequests): MailEntity => ({
  fields: [
    ['From', mail.from],
    ['To', mail.to],
    ['Date', writeDate(mail.date)],
    ['Message-ID', mail.messageId],
    ['Postern-Intermediary', mail.intermediary],
    ...Object.entries(FIXED),
  ],
  body: Buffer.from(
    writeSoapDocument(CODEC, { nextPollSeconds: 0, requests: { request: mail.requests } }),
    'utf8',
  ),
});

/**
 * Reads such a message: those fields and no others, and requests and nothing else that a poll answer may carry.
 *
 * @throws PosternError `mail-content-invalid`
 */
export const readMailedRequests = ({ fields, body }: MailEntity): MailedRequests => {
  const values = new Map(fields.map(([name, value]) => [name.toLowerCase(), value]));
  const take = (name: string): string => {
    const value = values.get(name.toLowerCase());
    if (value === undefined) throw invalid(`there is no field ${name}`);
    values.delete(name.toLowerCase());
    return value;
  };
  const mail = {
    from: take('From'),
    to: take('To'),
    date: readDate(take('Date')),
    messageId: checked(MESSAGE_ID, take('Message-ID'), 'Message-ID'),
    intermediary: take('Postern-Intermediary'),
  };
  for (const [name, value] of Object.entries(FIXED)) {
    if (take(name).toLowerCase() !== value.toLowerCase()) throw invalid(`${name} is not ${value}`);
  }
  if (values.size > 0 || new Set(fields.map(([name]) => name.toLowerCase())).size < fields.length) {
    throw invalid('there are fields too many');
  }
  return { ...mail, requests: readRequests(body) };
};

const readRequests = (body: Uint8Array): readonly uplink.Request[] => {
  const { nextPollSeconds: _, requests, ...more } = answerIn(body);
  const [other] = Object.keys(more);
  if (other !== undefined) throw invalid(`${other} does not go by mail`);
  if (requests === undefined || requests.request.length === 0) throw invalid('there is no request');
  return requests.request;
};

const answerIn = (body: Uint8Array): uplink.PollResponse => {
  try {
    return readSoapDocument(CODEC, body);
  } catch (cause) {
    throw invalid(errorMessage(cause), cause);
  }
};

const MESSAGE_ID = /^<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,100}@[A-Za-z0-9.-]{1,100}>$/;
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/;

/** RFC 5322 §3.3, always in UTC. */
const writeDate = (at: Instant): string => new Date(at).toUTCString().replace('GMT', '+0000');

const readDate = (text: string): Instant => {
  const at = Date.parse(checked(DATE, text, 'Date'));
  if (Number.isNaN(at) || writeDate(Instant(at)) !== text) throw invalid('Date is no date');
  return Instant(at);
};

const checked = (pattern: RegExp, value: string, name: string): string => {
  if (pattern.test(value)) return value;
  throw invalid(`${name} is not written as it has to be`);
};

const invalid = (what: string, cause?: unknown): PosternError<MailCode> =>
  new PosternError('mail-content-invalid', `The mail carries something else than requests: ${what}`, {
    cause,
  });
