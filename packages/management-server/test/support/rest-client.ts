import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import type { ConnectionOptions } from 'node:tls';

export interface RestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body as JSON; undefined when it is none. */
  readonly json: Record<string, unknown>;
}

export interface RestCall {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; text and bytes as they are. */
  readonly body?: object | string | Buffer;
  /** Sends the body without announcing its length. */
  readonly chunked?: boolean;
}

/** Calls an HTTPS server as it is told, however wrong: a fresh connection each time. */
export const callHttps = async (
  port: number,
  tls: ConnectionOptions,
  call: RestCall,
): Promise<RestAnswer> => {
  const answer = await openHttps(port, tls, call);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    bytes,
    json: parse(bytes.toString('utf8')),
  };
};

/** The same, as soon as the headers are here. */
export const openHttps = (port: number, tls: ConnectionOptions, call: RestCall): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { sent, payload } = prepare(port, tls, call);
    sent.once('response', resolve).once('error', reject);
    if (call.chunked) sent.flushHeaders();
    sent.end(payload);
  });

/** Sends the call's body and does not end the request. */
export const beginHttps = (port: number, tls: ConnectionOptions, call: RestCall): ClientRequest => {
  const { sent, payload } = prepare(port, tls, call);
  sent.on('error', () => {});
  sent.write(payload ?? '');
  return sent;
};

const prepare = (port: number, tls: ConnectionOptions, call: RestCall) => {
  const { body } = call;
  const plain = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const payload = plain ? body : JSON.stringify(body);
  const type = plain ? {} : { 'content-type': 'application/json' };
  const options = {
    ...tls,
    host: '127.0.0.1',
    port,
    method: call.method ?? 'GET',
    path: call.path,
    headers: {
      ...type,
      ...(payload === undefined || call.chunked
        ? {}
        : { 'content-length': String(Buffer.byteLength(payload)) }),
      ...call.headers,
    },
    agent: false,
  } as RequestOptions;
  return { sent: request(options), payload };
};

const parse = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
};
