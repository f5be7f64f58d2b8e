import { expect, test } from '@jest/globals';
import { Announcements, type Answer } from '../../../src/adapters/search/announcements.ts';

const SERVICE = '_postern-device._tcp.local';

const pointer = (instance: string, ttl = 120): Answer => ({
  name: SERVICE,
  type: 'PTR',
  ttl,
  data: `${instance}.${SERVICE}`,
});
const service = (instance: string, port: number, target = `${instance}.local`): Answer => ({
  name: `${instance}.${SERVICE}`,
  type: 'SRV',
  data: { port, target },
});
const address = (host: string, data: string): Answer => ({
  name: `${host}.local`,
  type: data.includes(':') ? 'AAAA' : 'A',
  data,
});

/** @spec I3 */
test('what a device announces leads to its addresses, in whatever order and case it is said', () => {
  const heard = new Announcements(10);
  heard.hear([
    address('MFP-1', '10.0.0.2'),
    address('mfp-1', 'fd00::2'),
    service('Mfp-1', 4_433),
    pointer('mfp-1'),
    { name: `mfp-1.${SERVICE}`, type: 'TXT', data: ['intermediary=anybody'] },
  ]);
  expect(heard.heard()).toEqual({
    leads: [
      { host: '10.0.0.2', port: 4_433 },
      { host: 'fd00::2', port: 4_433 },
    ],
    ignored: 0,
  });
  expect(heard.missing()).toEqual([]);
});

test('what is missing is asked for, and a goodbye takes it back', () => {
  const heard = new Announcements(10);
  heard.hear([pointer('mfp-1'), pointer('mfp-2')]);
  heard.hear([service('mfp-2', 4_433)]);
  expect(heard.missing()).toEqual([
    { name: `mfp-1.${SERVICE}`, type: 'SRV' },
    { name: 'mfp-2.local', type: 'A' },
    { name: 'mfp-2.local', type: 'AAAA' },
  ]);
  expect(heard.heard()).toEqual({ leads: [], ignored: 2 });
  heard.hear([pointer('mfp-1', 0), address('mfp-2', '10.0.0.3')]);
  expect(heard.heard()).toEqual({ leads: [{ host: '10.0.0.3', port: 4_433 }], ignored: 0 });
});

test.each<[string, readonly Answer[]]>([
  ['a name that is no device name', [pointer('../etc'), service('../etc', 1), address('../etc', '10.0.0.1')]],
  ['another service', [{ name: '_ipp._tcp.local', type: 'PTR', data: `mfp-1.${SERVICE}` }]],
  ['a service of nobody', [service('mfp-1', 4_433), address('mfp-1', '10.0.0.1')]],
  ['the port 0', [pointer('mfp-1'), service('mfp-1', 0), address('mfp-1', '10.0.0.1')]],
  ['no target', [pointer('mfp-1'), service('mfp-1', 4_433, ''), address('', '10.0.0.1')]],
  [
    'a name in place of an address',
    [pointer('mfp-1'), service('mfp-1', 4_433), address('mfp-1', 'localhost')],
  ],
  ['the address of another host', [pointer('mfp-1'), service('mfp-1', 4_433), address('mfp-2', '10.0.0.1')]],
  [
    'data that is none',
    [{ name: SERVICE, type: 'PTR' } as never, { name: undefined, type: 'SRV', data: {} } as never],
  ],
])('%s leads nowhere', (_name, records) => {
  const heard = new Announcements(10);
  heard.hear(records);
  expect(heard.heard().leads).toEqual([]);
});

test('a thousand announcements of one host fill no memory and no query', () => {
  const heard = new Announcements(16);
  const names = Array.from({ length: 1_000 }, (_, index) => `mfp-${index}`);
  heard.hear(names.map((name) => pointer(name)));
  heard.hear(names.map((name) => service(name, 4_433, 'one.local')));
  expect(heard.missing()).toHaveLength(32);
  heard.hear(Array.from({ length: 250 }, (_, index) => address('one', `10.0.0.${index}`)));
  const { leads, ignored } = heard.heard();
  expect(leads).toHaveLength(16 * 4);
  expect(ignored).toBe(1_000 - 16);
});
