import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { uplinkContract } from '@postern/contracts';
import { type NodeIdentity, PosternError, silentLogger, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import {
  createSoapClient,
  createSoapListener,
  createSoapService,
  type SoapListenerOptions,
} from '@postern/soap-rpc';
import { echoService, exchange, GOOD, http, listen, parseAnswer } from '../helpers.ts';

const start = (options: Partial<SoapListenerOptions>) =>
  createSoapListener({
    services: { '/uplink': echoService() },
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
    ...options,
  });

test('the contract is shown with addresses that lead back to the service', async () => {
  const listener = await listen();
  try {
    const base = `http://127.0.0.1:${listener.port}/uplink`;
    const wsdl = await (await fetch(`${base}?wsdl`)).text();
    expect(wsdl).toContain(`<soap:address location="${base}"/>`);
    expect(wsdl).toContain(`<soap12:address location="${base}"/>`);
    const imports = [...wsdl.matchAll(/schemaLocation="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(imports).toEqual([`${base}?xsd=types.xsd`, `${base}?xsd=uplink.xsd`]);
    for (const url of imports) {
      const response = await fetch(url);
      expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
      expect(await response.text()).toContain('<xs:schema');
    }
  } finally {
    await listener.close();
  }
});

test('other routes share the listener and see the peer', async () => {
  const peer: NodeIdentity = { role: 'intermediary', name: 'site-a' };
  const listener = await start({
    peerIdentity: () => peer,
    routes: {
      '/images/': (request, response, context) => response.end(`${request.url} ${context.peer?.name}`),
    },
  });
  try {
    expect(await (await fetch(`http://127.0.0.1:${listener.port}/images/abc`)).text()).toBe(
      '/images/abc site-a',
    );
  } finally {
    await listener.close();
  }
});

test('handlers see the peer; who is not authorised is answered with 403', async () => {
  const seen: unknown[] = [];
  const service = createSoapService(
    uplinkContract,
    {
      Poll: async (_, { peer, operation }) => {
        seen.push(peer, operation);
        return { nextPollSeconds: 1 };
      },
      Deliver: async () => {
        throw new Error('never called');
      },
    },
    {
      logger: silentLogger,
      authorize: (peer) => {
        if (peer?.role !== 'intermediary') throw new PosternError('not-authorised', 'Intermediaries only');
      },
    },
  );
  let peer: NodeIdentity | undefined;
  const listener = await start({ services: { '/uplink': service }, peerIdentity: () => peer });
  try {
    const refused = parseAnswer(await exchange(listener.port, http(GOOD)));
    expect([refused.status, refused.code]).toEqual([403, 'not-authorised']);
    peer = { role: 'intermediary', name: 'site-a' };
    expect(parseAnswer(await exchange(listener.port, http(GOOD))).status).toBe(200);
    expect(seen).toEqual([peer, 'Poll']);
  } finally {
    await listener.close();
  }
});

test('a peer whose identity is refused is answered with 403', async () => {
  const listener = await start({
    peerIdentity: () => {
      throw new PosternError('identity-invalid', 'no name');
    },
  });
  try {
    const answer = parseAnswer(await exchange(listener.port, http(GOOD)));
    expect([answer.status, answer.code]).toEqual([403, 'not-authorised']);
  } finally {
    await listener.close();
  }
});

/** A service whose Poll is held until its signal aborts; `held` resolves with that signal. */
const holdingService = () => {
  let entered: (signal: AbortSignal) => void = () => {};
  const held = new Promise<AbortSignal>((resolve) => {
    entered = resolve;
  });
  const service = createSoapService(
    uplinkContract,
    {
      Poll: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          entered(signal);
        }),
      Deliver: async () => {
        throw new Error('never called');
      },
    },
    { logger: silentLogger },
  );
  return { service, held };
};

test('the signal of a held request aborts when the client goes away', async () => {
  const { service, held } = holdingService();
  const listener = await start({ services: { '/uplink': service } });
  try {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(http(GOOD)));
    const signal = await held;
    const aborted = once(signal, 'abort');
    socket.destroy();
    await aborted;
    expect((signal.reason as PosternError).code).toBe('cancelled');
  } finally {
    await listener.close();
  }
});

test('closing aborts held requests, answers them and ends', async () => {
  const { service, held } = holdingService();
  const listener = await start({ services: { '/uplink': service } });
  const client = createSoapClient(uplinkContract, {
    url: `http://127.0.0.1:${listener.port}/uplink`,
    clock: systemClock,
  });
  const call = client.call('Poll', { sessionId: 's', holdSeconds: 60, capacity: 1 }).catch((error) => error);
  await held;
  expect(listener.connections()).toBe(1);
  await Promise.all([listener.close(), listener.close()]);
  expect(await call).toMatchObject({ code: 'cancelled', remote: true });
  expect(listener.connections()).toBe(0);
  await client.close();
});

test('too many requests waiting on one connection end it', async () => {
  const { service } = holdingService();
  const logger = memoryLogger();
  const listener = await start({
    services: { '/uplink': service },
    logger,
    limits: { requestsPerConnection: 2 },
  });
  try {
    const requests = Buffer.concat([1, 2, 3].map(() => http(GOOD)));
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(requests));
    socket.on('error', () => {});
    await once(socket, 'close');
    expect(logger.lines.map(({ message }) => message)).toContain(
      'Too many requests wait on one connection; it is cut',
    );
  } finally {
    await listener.close();
  }
});

test('a port that is taken is reported with a code', async () => {
  const listener = await listen();
  try {
    await expect(start({ port: listener.port })).rejects.toMatchObject({ code: 'listen-failed' });
  } finally {
    await listener.close();
  }
});
