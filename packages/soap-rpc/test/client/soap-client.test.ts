import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { uplinkContract } from '@postern/contracts';
import { Instant, Milliseconds, Seconds, silentLogger, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import {
  createServiceTransport,
  createSoapClient,
  createSoapClientOver,
  createSoapListener,
  isRemoteFault,
  type SoapTransport,
  type SoapTransportResponse,
} from '@postern/soap-rpc';
import { CONTENT_TYPES, ENVELOPE_11, echoService, envelope, listen } from '../helpers.ts';

const POLL = { sessionId: 's', holdSeconds: 7, capacity: 1, received: { id: ['a'] } };
const DELIVER = {
  deliveryId: 'd',
  deviceId: 'mfp-1',
  route: { node: ['site-a'] },
  body: { kind: 'UserCall', value: { callId: 'c', at: Instant(0), reason: 'paper' } },
} as const;

describe.each(['1.1', '1.2'] as const)('SOAP %s', (soapVersion) => {
  test('a call over HTTP is answered; a refusal is an error with the other side’s code', async () => {
    const listener = await listen();
    const url = `http://127.0.0.1:${listener.port}/uplink`;
    const client = createSoapClient(uplinkContract, { url, clock: systemClock, soapVersion, connections: 1 });
    try {
      expect(await client.call('Poll', POLL)).toEqual({ nextPollSeconds: 7, acknowledged: { id: ['a'] } });
      const error = await client.call('Deliver', DELIVER).catch((reason) => reason);
      expect(isRemoteFault(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'device-unknown',
        message: 'No device mfp-1',
        hint: 'Adopt it first.',
        kind: 'client',
        status: soapVersion === '1.1' ? 500 : 400,
      });
      expect(listener.connections()).toBe(1);
    } finally {
      await client.close();
      await listener.close();
    }
  });

  test('a call in memory is the same call', async () => {
    const transport = createServiceTransport(echoService(), {
      peer: { role: 'intermediary', name: 'site-a' },
    });
    const client = createSoapClientOver(uplinkContract, {
      transport,
      clock: new VirtualClock(),
      soapVersion,
    });
    expect(await client.call('Poll', POLL)).toEqual({ nextPollSeconds: 7, acknowledged: { id: ['a'] } });
    await expect(client.call('Deliver', DELIVER)).rejects.toMatchObject({
      code: 'device-unknown',
      remote: true,
    });
  });
});

const silent: SoapTransport = {
  send: ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
  close: async () => {},
};

test('a call ends at its deadline', async () => {
  const clock = new VirtualClock();
  const client = createSoapClientOver(uplinkContract, { transport: silent, clock });
  const call = client.call('Poll', POLL, { deadline: Seconds(90) }).catch((error) => error);
  await clock.advance(Milliseconds(89_999));
  expect(clock.pending).toBe(1);
  await clock.advance(Milliseconds(1));
  expect(await call).toMatchObject({ code: 'deadline-exceeded' });
  expect(clock.pending).toBe(0);
});

test('a call ends when its caller gives up', async () => {
  const client = createSoapClientOver(uplinkContract, { transport: silent, clock: new VirtualClock() });
  const controller = new AbortController();
  const call = client.call('Poll', POLL, { signal: controller.signal }).catch((error) => error);
  controller.abort();
  expect(await call).toMatchObject({ code: 'cancelled' });
});

test('a request that does not fit the contract is not sent', async () => {
  const client = createSoapClientOver(uplinkContract, { transport: silent, clock: new VirtualClock() });
  await expect(client.call('Poll', { ...POLL, sessionId: 'not an identifier' })).rejects.toMatchObject({
    code: 'value-invalid',
    message: expect.stringMatching(/^Poll\/sessionId: /),
  });
});

const answering = (answer: Partial<SoapTransportResponse> & { readonly text?: string }): SoapTransport => ({
  send: async () => ({
    status: 200,
    contentType: CONTENT_TYPES['1.1'],
    body: Buffer.from(answer.text ?? ''),
    ...answer,
  }),
  close: async () => {},
});

const ANSWER =
  '<PollResponse xmlns="urn:postern:uplink:1"><nextPollSeconds>1</nextPollSeconds></PollResponse>';
const fault = (inside: string): string => envelope(`<e:Fault>${inside}</e:Fault>`);

test.each([
  ['HTML', { contentType: 'text/html', text: '<html/>', status: 502 }, 'response-invalid'],
  ['no content type', { contentType: undefined, text: envelope(ANSWER) }, 'response-invalid'],
  [
    'the other SOAP version',
    { contentType: CONTENT_TYPES['1.2'], text: envelope(ANSWER) },
    'response-invalid',
  ],
  ['no XML', { text: 'hello' }, 'response-invalid'],
  [
    'another element',
    { text: envelope('<DeliverResponse xmlns="urn:postern:uplink:1"/>') },
    'response-invalid',
  ],
  [
    'an unknown element',
    { text: envelope(ANSWER.replace('</PollResponse>', '<x/></PollResponse>')) },
    'response-invalid',
  ],
  ['success with the status of a failure', { status: 500, text: envelope(ANSWER) }, 'response-invalid'],
  [
    'a fault of another vendor',
    {
      status: 500,
      text: fault(
        '<faultcode>e:Server</faultcode><faultstring>no</faultstring><detail><x><y>1</y></x></detail>',
      ),
    },
    'soap-fault',
  ],
  [
    'a fault with status 200',
    { text: fault('<faultcode>e:Client.Auth</faultcode><faultstring>no</faultstring>') },
    'soap-fault',
  ],
  [
    'a fault with a broken detail',
    {
      status: 500,
      text: fault(
        '<faultcode>e:Server</faultcode><detail><Failure xmlns="urn:postern:types:1"><code>NO CODE</code></Failure></detail>',
      ),
    },
    'response-invalid',
  ],
])('an answer that is %s is an error', async (_, answer, code) => {
  const client = createSoapClientOver(uplinkContract, {
    transport: answering(answer),
    clock: new VirtualClock(),
  });
  await expect(client.call('Poll', POLL)).rejects.toMatchObject({ code });
});

test('a fault of another vendor keeps its reason', async () => {
  const text = `<e:Envelope xmlns:e="${ENVELOPE_11}"><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>out of paper</faultstring></e:Fault></e:Body></e:Envelope>`;
  const client = createSoapClientOver(uplinkContract, {
    transport: answering({ status: 500, text }),
    clock: new VirtualClock(),
  });
  await expect(client.call('Poll', POLL)).rejects.toMatchObject({ message: 'out of paper', kind: 'client' });
});

const withServer = async (
  server: ReturnType<typeof createTcpServer>,
  work: (url: string) => Promise<void>,
): Promise<void> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/uplink`);
  } finally {
    server.close();
  }
};

const callOnce = async (url: string, options: { readonly responseLimit?: number } = {}): Promise<unknown> => {
  const client = createSoapClient(uplinkContract, { url, clock: systemClock, ...options });
  try {
    return await client.call('Poll', POLL).catch((error) => error);
  } finally {
    await client.close();
  }
};

test('nobody listens: unreachable', async () => {
  let url = '';
  await withServer(createTcpServer(), async (known) => {
    url = known;
  });
  expect(await callOnce(url)).toMatchObject({ code: 'unreachable', hint: expect.any(String) });
});

test('the connection drops before the answer: connection-lost', async () => {
  const server = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
  await withServer(server, async (url) => {
    expect(await callOnce(url)).toMatchObject({ code: 'connection-lost' });
  });
});

test('the connection drops within the answer: connection-lost', async () => {
  const server = createTcpServer((socket) =>
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 99\r\n\r\n<'),
    ),
  );
  await withServer(server, async (url) => {
    expect(await callOnce(url)).toMatchObject({ code: 'connection-lost' });
  });
});

test('no HTTP comes back: connection-lost', async () => {
  const server = createTcpServer((socket) => socket.once('data', () => socket.end('220 FTP ready\r\n')));
  await withServer(server, async (url) => {
    expect(await callOnce(url)).toMatchObject({ code: 'connection-lost' });
  });
});

test('an answer beyond the limit: response-too-large', async () => {
  const answer: RequestListener = (_, response) => response.end('x'.repeat(2_000));
  await withServer(createServer(answer), async (url) => {
    expect(await callOnce(url, { responseLimit: 1_000 })).toMatchObject({ code: 'response-too-large' });
  });
});

test('plain HTTP where TLS is expected: tls-refused', async () => {
  const listener = await createSoapListener({
    services: {},
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
  });
  try {
    expect(await callOnce(`https://127.0.0.1:${listener.port}/uplink`)).toMatchObject({
      code: 'tls-refused',
    });
  } finally {
    await listener.close();
  }
});
