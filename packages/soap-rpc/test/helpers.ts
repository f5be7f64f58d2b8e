import { connect } from 'node:net';
import { uplinkContract } from '@postern/contracts';
import { PosternError, Seconds, silentLogger, systemClock } from '@postern/core';
import {
  createSoapListener,
  createSoapService,
  type ListenerLimits,
  type SoapListener,
  type SoapService,
  type SoapServiceOptions,
} from '@postern/soap-rpc';

/** Answers every Poll with what it was asked, and refuses every Deliver. */
export const echoService = (options: Partial<SoapServiceOptions> = {}): SoapService =>
  createSoapService(
    uplinkContract,
    {
      Poll: async (request) => ({
        nextPollSeconds: request.holdSeconds,
        ...(request.received === undefined ? {} : { acknowledged: request.received }),
      }),
      Deliver: async ({ deviceId }) => {
        if (deviceId === 'broken') throw new TypeError('secret internals');
        throw new PosternError('device-unknown', `No device ${deviceId}`, { hint: 'Adopt it first.' });
      },
    },
    { logger: silentLogger, clientCodes: (code) => code === 'device-unknown', ...options },
  );

export const ENVELOPE_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const ENVELOPE_12 = 'http://www.w3.org/2003/05/soap-envelope';

export const POLL_INSIDE = '<sessionId>s</sessionId><holdSeconds>7</holdSeconds><capacity>1</capacity>';

export const poll = (inside = POLL_INSIDE): string => `<Poll xmlns="urn:postern:uplink:1">${inside}</Poll>`;

export const envelope = (body: string, namespace = ENVELOPE_11, header = ''): string =>
  `<e:Envelope xmlns:e="${namespace}">${header}<e:Body>${body}</e:Body></e:Envelope>`;

export const GOOD = envelope(poll());

/** A listener with the echo service at /uplink. */
export const listen = (limits: Partial<ListenerLimits> = {}): Promise<SoapListener> =>
  createSoapListener({
    services: { '/uplink': echoService() },
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
    limits: { closeTimeout: Seconds(0), ...limits },
  });

/** An HTTP request as bytes. */
export const http = (
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  line = 'POST /uplink HTTP/1.1',
): Buffer => {
  const bytes = Buffer.from(body);
  const all = {
    host: 'localhost',
    'content-type': 'text/xml',
    'content-length': String(bytes.length),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
  return Buffer.concat([Buffer.from(`${[line, ...lines].join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
};

/**
 * Sends raw bytes and collects what comes back until the other side closes or `enough` is satisfied.
 * The bytes decide everything: nothing of an HTTP client is in between.
 */
export const exchange = (
  port: number,
  bytes: Uint8Array,
  enough: (received: string) => boolean = isWholeAnswer,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    const done = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      received += chunk;
      if (enough(received)) done();
    });
    socket.on('close', () => resolve(received));
    socket.on('error', (error) => (received === '' ? reject(error) : done()));
  });

/** Whether a response with a Content-Length is complete. */
export const isWholeAnswer = (received: string): boolean => {
  const end = received.indexOf('\r\n\r\n');
  const length = Number(/^content-length: (\d+)/im.exec(received)?.[1]);
  return end !== -1 && (Number.isNaN(length) || Buffer.byteLength(received) >= end + 4 + length);
};

export interface Answer {
  readonly status: number;
  /** Local name of the fault code. */
  readonly fault: string | undefined;
  /** Code of the t:Failure. */
  readonly code: string | undefined;
  readonly text: string;
}

export const parseAnswer = (text: string): Answer => ({
  status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0),
  fault: /<(?:faultcode|soap:Value)>soap:(\w+)</.exec(text)?.[1],
  code: /<Failure [^>]*><code>([^<]*)</.exec(text)?.[1],
  text,
});

export const CONTENT_TYPES = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
} as const;
