import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Seconds, systemClock, withDeadline } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, type TrustAnchor } from '@postern/pki';

/** How a caller connects: in plain TCP, or over TLS with a node's certificate (a trust anchor has none to show). */
export type Caller = 'plain' | EnrolledNode | TrustAnchor;

const PATIENCE = Seconds(15);

/** What came when a connection was ended before a byte of an answer. */
export const NO_ANSWER = 'closed without an answer';

/**
 * Sends bytes and collects what comes until an answer with a Content-Length is whole, or the other side ends. Nothing
 * of an HTTP client is in between.
 */
export const exchange = (port: number, caller: Caller, bytes: Uint8Array): Promise<string> =>
  withDeadline(
    systemClock,
    PATIENCE,
    'The answer to a hostile input',
    undefined,
    (signal) =>
      new Promise((resolve) => {
        const socket = open(port, caller, () => socket.write(bytes));
        let received = '';
        const finish = (): void => {
          socket.destroy();
          resolve(received === '' ? NO_ANSWER : received);
        };
        socket.setEncoding('latin1');
        socket.on('data', (chunk: string) => {
          received += chunk;
          if (isWhole(received)) finish();
        });
        // A reset is an end like another; a certificate that is refused shows as one.
        socket.on('error', finish);
        socket.on('close', finish);
        signal.addEventListener('abort', finish, { once: true });
      }),
  );

const open = (port: number, caller: Caller, onOpen: () => void): Socket => {
  const to = { host: '127.0.0.1', port };
  return caller === 'plain'
    ? connect(to, onOpen)
    : connectTls({ ...to, ...clientTlsOptions(caller, { expect: 'unauthenticated' }) }, onOpen);
};

const isWhole = (received: string): boolean => {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const head = received.slice(0, end);
  if (/^transfer-encoding: chunked/im.test(head)) return received.endsWith('\r\n0\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return length !== undefined && received.length >= end + 4 + Number(length);
};

/** An HTTP request as bytes; a header with an empty value is left out. */
export const http = (
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Buffer => {
  const bytes = Buffer.from(body);
  const all = { host: 'localhost', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
  return Buffer.concat([Buffer.from(`${[`${line} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`), bytes]);
};

const statusOf = (answer: string): string => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? answer;

/** `500 Client value-invalid`; `200` for what was accepted. */
export const soapAnswer = (answer: string): string => {
  const fault = /<(?:faultcode|soap:Value)>soap:(\w+)</.exec(answer)?.[1];
  const code = /<Failure [^>]*><code>([^<]*)</.exec(answer)?.[1];
  return [statusOf(answer), fault, code].filter((part) => part !== undefined).join(' ');
};

/** `404 image-missing`; the status alone for what was accepted. */
export const problemAnswer = (answer: string): string => {
  const code = /"code":"([^"]*)"/.exec(answer)?.[1];
  return [statusOf(answer), code].filter((part) => part !== undefined).join(' ');
};
