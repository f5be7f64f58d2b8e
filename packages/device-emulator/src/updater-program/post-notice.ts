import { connect, type Socket } from 'node:net';
import { type Clock, Seconds, withDeadline } from '@postern/core';
import { deviceError } from '../errors.ts';
import { START_NOTICE_ACTION } from './notice.ts';

/** From connecting until the status line is there. */
const LIMIT = Seconds(15);

/** Bytes of the answer that are looked at: the status line is among them, or there is none. */
const STATUS_BYTES = 64;

/**
 * Posts a SOAP 1.1 message in plain HTTP/1.1 and looks at nothing but the status line (RFC 9112 §4) of the answer.
 *
 * @throws PosternError `notice-refused`, `notice-unreachable`, `deadline-exceeded`, `cancelled`
 */
export const postNotice = (url: string, body: string, clock: Clock, signal: AbortSignal): Promise<void> =>
  withDeadline(clock, LIMIT, 'The start notification', signal, async (bounded) => {
    const status = await exchange(new URL(url), body, bounded);
    if (status === undefined || status < 200 || status > 299) {
      throw deviceError('notice-refused', `The intermediary answered with ${status ?? 'no'} HTTP status`);
    }
  });

const exchange = (url: URL, body: string, signal: AbortSignal): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    // An IPv6 address stands in brackets in a URL (RFC 3986 §3.2.2), but not for the resolver.
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const socket: Socket = connect({ host, port: Number(url.port || 80) });
    const stop = (): void => {
      socket.destroy();
    };
    signal.addEventListener('abort', stop, { once: true });
    let answer = '';
    socket.setEncoding('latin1');
    socket.write(requestOf(url, body));
    socket.on('data', (text) => {
      answer += String(text);
      if (answer.length >= STATUS_BYTES || answer.includes('\r\n')) stop();
    });
    socket.on('error', (cause) => {
      reject(deviceError('notice-unreachable', `Could not post to ${url.host}`, cause));
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(statusOf(answer));
    });
  });

const requestOf = (url: URL, body: string): string =>
  [
    `POST ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Content-Type: text/xml; charset=utf-8',
    `SOAPAction: "${START_NOTICE_ACTION}"`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');

const statusOf = (answer: string): number | undefined => {
  const digits = /^HTTP\/1\.[01] ([0-9]{3})[ \r]/.exec(answer)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
