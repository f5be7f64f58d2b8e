import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import { errorCode, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import multicastDns from 'multicast-dns';
import { dnsSd } from '../../../src/adapters/search/dns-sd.ts';
import { searchSchema } from '../../../src/domain/search/search-schema.ts';
import { afterThisTest } from '../../support/directory.ts';

jest.setTimeout(20_000);

const SERVICE = '_postern-device._tcp.local';
const never = new AbortController().signal;

/** A port that nobody else has: multicast goes to whoever listens on it. */
const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
};

const browse = (port: number, window = 0.6, signal = never) => {
  const config = searchSchema.parse({ dnsSd: { port, interface: '127.0.0.1', window } }).dnsSd;
  const logger = memoryLogger();
  return dnsSd({ config, most: 16, clock: systemClock, logger })(signal);
};

/** Somebody on the network. */
const neighbour = async (port: number) => {
  const options = { port, interface: '127.0.0.1', bind: '0.0.0.0' };
  const socket = multicastDns(options as multicastDns.Options);
  afterThisTest(() => new Promise<void>((resolve) => socket.destroy(resolve)));
  await once(socket, 'ready');
  return socket;
};

/** @spec I3 */
test('a device that answers for itself is found, also where it says everything only when it is asked', async () => {
  const port = await freePort();
  const device = await neighbour(port);
  const questions: string[] = [];
  device.on('query', ({ questions: asked }) => {
    for (const { name, type } of asked ?? []) {
      questions.push(`${type} ${name}`);
      if (type === 'PTR') {
        device.respond({ answers: [{ name: SERVICE, type, ttl: 120, data: `mfp-1.${SERVICE}` }] });
      } else if (type === 'SRV') {
        device.respond({ answers: [{ name, type, ttl: 120, data: { port: 4_433, target: 'mfp-1.local' } }] });
      } else if (type === 'A') device.respond({ answers: [{ name, type, ttl: 120, data: '127.0.0.1' }] });
    }
  });
  expect(await browse(port)).toEqual({ leads: [{ host: '127.0.0.1', port: 4_433 }], ignored: 0 });
  expect(new Set(questions)).toEqual(
    new Set([`PTR ${SERVICE}`, `SRV mfp-1.${SERVICE}`, 'A mfp-1.local', 'AAAA mfp-1.local']),
  );
});

test('neither bytes that are no DNS nor a flood of names keep a device from being heard', async () => {
  const port = await freePort();
  const [device, attacker] = [await neighbour(port), createSocket('udp4')];
  attacker.bind(0, '127.0.0.1');
  await once(attacker, 'listening');
  attacker.setMulticastInterface('127.0.0.1');
  afterThisTest(() => void attacker.close());
  const say = (bytes: Buffer): void => attacker.send(bytes, port, '224.0.0.251');
  device.on('query', () => {
    device.respond({
      answers: [{ name: SERVICE, type: 'PTR', ttl: 120, data: `mfp-1.${SERVICE}` }],
      additionals: [
        { name: `mfp-1.${SERVICE}`, type: 'SRV', ttl: 120, data: { port: 4_433, target: 'mfp-1.local' } },
        { name: 'mfp-1.local', type: 'A', ttl: 120, data: '127.0.0.1' },
      ],
    });
    say(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    say(Buffer.alloc(9_000, 0xff));
    // A response whose name points to itself, and one that promises 65,535 answers.
    say(Buffer.from('000084000000000100000000c00c000c00010000007800020000', 'hex'));
    say(Buffer.from('00008400ffffffffffffffff', 'hex'));
    for (let packet = 0; packet < 20; packet++) {
      device.respond({
        answers: Array.from({ length: 50 }, (_, index) => ({
          name: SERVICE,
          type: 'PTR' as const,
          ttl: 120,
          data: `nobody-${packet}-${index}.${SERVICE}`,
        })),
      });
    }
  });
  const { leads, ignored } = await browse(port);
  expect(leads).toEqual([{ host: '127.0.0.1', port: 4_433 }]);
  expect(ignored).toBeGreaterThanOrEqual(1_000 - 16);
});

test('it stops when it is told to, and says when it cannot listen', async () => {
  const ending = new AbortController();
  const browsing = browse(await freePort(), 30, ending.signal);
  ending.abort(new Error('over'));
  await expect(browsing).rejects.toThrow('over');

  const holder = createSocket('udp4');
  holder.bind(0, '0.0.0.0');
  await once(holder, 'listening');
  afterThisTest(() => void holder.close());
  const refused = browse(holder.address().port).catch((error: unknown) => errorCode(error, String(error)));
  expect(await refused).toBe('search-unavailable');
});
