import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { deviceConfigSchema, startDevices } from '@postern/device-emulator';
import multicastDns from 'multicast-dns';
import { answersOf, kindAnswer, recordsOf } from '../src/adapters/dns-sd/service-records.ts';
import { manufactureFleet } from './support/fleet.ts';
import { startSite } from './support/site.ts';
import { afterwards } from './support/temporary.ts';

jest.setTimeout(30_000);

const SERVICE = '_postern-device._tcp.local';
const device = {
  id: 'mfp-1',
  model: 'MFP 1',
  profile: 'mfp',
  intermediary: 'site-a',
  host: '10.0.0.2',
  port: 4_433,
};

/** @spec I3 */
test('a device answers for itself: all of it to who asks for everybody, else what is asked for', () => {
  const types = (name: string, type: string): string[] =>
    answersOf(device, [{ name, type: type as 'PTR' }]).map((answer) => answer.type);
  expect(types(SERVICE.toUpperCase(), 'PTR')).toEqual(['PTR', 'SRV', 'TXT', 'A']);
  expect(types(`mfp-1.${SERVICE}`, 'SRV')).toEqual(['SRV']);
  expect(types(`mfp-1.${SERVICE}`, 'ANY')).toEqual(['SRV', 'TXT']);
  expect(types('mfp-1.local', 'A')).toEqual(['A']);
  expect(types('mfp-1.local', 'AAAA')).toEqual([]);
  expect(types('mfp-2.local', 'A')).toEqual([]);
  expect(types('_ipp._tcp.local', 'PTR')).toEqual([]);
  expect(kindAnswer([{ name: '_services._dns-sd._udp.local', type: 'PTR' }])).toMatchObject([
    { data: SERVICE },
  ]);
  const [, , text] = recordsOf(device);
  expect(text).toMatchObject({ data: ['txtvers=1', 'model=MFP 1', 'profile=mfp', 'intermediary=site-a'] });
  expect(recordsOf({ ...device, id: 'x'.repeat(64) })[0]).toMatchObject({
    data: `${'x'.repeat(63)}.${SERVICE}`,
  });
});

/** @spec I3 */
test('the devices of a process are announced while they have power, and say goodbye', async () => {
  const probe = createSocket('udp4');
  probe.bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const listener = multicastDns({ port, interface: '127.0.0.1', bind: '0.0.0.0' } as multicastDns.Options);
  afterwards(() => new Promise<void>((resolve) => listener.destroy(resolve)));
  await once(listener, 'ready');
  const said: string[] = [];
  let wake = (): void => {};
  listener.on('response', ({ answers }) => {
    for (const answer of answers ?? []) {
      if (answer.type === 'PTR') said.push(`${String(answer.data).split('.')[0]} ${answer.ttl}`);
      if (answer.type === 'SRV') said.push(`port ${answer.data.port}`);
    }
    wake();
  });
  const until = async (line: string): Promise<void> => {
    while (!said.includes(line)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    said.length = 0;
  };

  const config = await manufactureFleet(await startSite(), 2);
  const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };
  const fleet = await startDevices(
    { ...config, announce: { dnsSd: { port, interface: '127.0.0.1' } } },
    ports,
  );
  afterwards(() => fleet.close());
  const first = fleet.devices.get('mfp-1');
  await until(`port ${fleet.devices.get('mfp-2')?.ports.soap}`);
  listener.query(SERVICE, 'PTR');
  await until(`port ${first?.ports.soap}`);
  await first?.powerOff();
  await until('mfp-1 0');
  const goodbye = until('mfp-2 0');
  await fleet.close();
  await goodbye;
});

test('nothing is announced unless it is configured', async () => {
  const { announce } = deviceConfigSchema.parse(await manufactureFleet(await startSite(), 1));
  expect(announce).toBeUndefined();
});
