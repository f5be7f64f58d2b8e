import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { BUSY, type HostileSite, IDLE } from '../hostile-site.ts';
import { type Caller, soapAnswer } from '../raw-exchange.ts';
import { callSoap, elements, information, intermediary, notifyStart } from '../soap-messages.ts';
import { badSoapRequests } from './documents.ts';
import { badCallers } from './tls.ts';

const target = {
  path: '/intermediary',
  port: ({ securePort }: HostileSite): number => securePort,
  caller: ({ callers }: HostileSite): Caller => callers.device,
  good: notifyStart(IDLE),
  bodyBytes: 64 * 1_024,
};

const saying = (name: string, payload: string, expected: string): HostileInput => ({
  name,
  send: async (site) =>
    soapAnswer(await callSoap(target.port(site), target.caller(site), target.path, payload)),
  expect: expected,
});

const register = (deviceId: string, changes: Readonly<Record<string, string>> = {}): string =>
  intermediary('Register', `<device>${information(deviceId, changes)}</device>`);

const endpoint = (host: string, port: number): string =>
  `<bulkPath><t:host>${host}</t:host><t:port>${port}</t:port></bulkPath>`;

const AT = '2026-01-01T00:00:00Z';

/** The intermediary's port for devices, with mutual TLS. */
export const intermediaryInputs: HostileInputs = {
  listener: 'the intermediary',
  good: {
    send: async (site) =>
      soapAnswer(await callSoap(target.port(site), target.caller(site), target.path, target.good)),
    expect: '200',
  },
  inputs: [
    ...badCallers({
      ...target,
      impostor: ({ impostors }) => impostors.device,
      strangers: {
        'another intermediary': ({ callers }) => callers.otherIntermediary,
        'the server': ({ callers }) => callers.server,
      },
    }),
    ...badSoapRequests(target),
    saying("a registration under another's name", register(BUSY), '403 Client not-authorised'),
    saying("a registration under a name of nobody's", register('printer-ghost'), '403 Client not-authorised'),
    saying('a start of another device', notifyStart(BUSY), '403 Client not-authorised'),
    saying(
      'a registration with a path as model',
      register(IDLE, { 'd:model': '../../x' }),
      '500 Client value-invalid',
    ),
    saying(
      'a registration with an unknown bulk path',
      register(IDLE, { 'd:bulkPathKind': 'tftp' }),
      '500 Client value-invalid',
    ),
    saying('a start with port 0', notifyStart(IDLE, endpoint('127.0.0.1', 0)), '500 Client value-invalid'),
    saying(
      'a start with port 65536',
      notifyStart(IDLE, endpoint('127.0.0.1', 65_536)),
      '500 Client value-invalid',
    ),
    saying(
      'a start with a URL as host',
      notifyStart(IDLE, endpoint('http://evil/', 21)),
      '500 Client value-invalid',
    ),
    saying(
      'a start of an unknown program',
      notifyStart(IDLE).replace('firmware', 'shell'),
      '500 Client value-invalid',
    ),
    saying(
      'a code that is too short',
      notifyStart(IDLE, elements({ jobId: 'j', mac: 'ab' })),
      '500 Client value-invalid',
    ),
    saying(
      'a call at no time',
      intermediary('UserCall', elements({ callId: 'c', at: 'now', reason: 'help' })),
      '500 Client value-invalid',
    ),
    saying(
      'a call that goes on and on',
      intermediary('UserCall', elements({ callId: 'c', at: AT, reason: 'x'.repeat(1_025) })),
      '500 Client value-invalid',
    ),
    saying(
      'a supply of more than all of it',
      intermediary(
        'NotifySupply',
        elements({ noticeId: 'n', at: AT, supply: 'toner', remainingPercent: 101 }),
      ),
      '500 Client value-invalid',
    ),
    saying(
      'an abnormality whose code is no code',
      intermediary('NotifyAbnormality', elements({ noticeId: 'n', at: AT, code: 'Out of paper', text: '' })),
      '500 Client value-invalid',
    ),
  ],
};
