import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { BUSY, type HostileSite, IDLE, OPEN } from '../hostile-site.ts';
import { exchange, http, soapAnswer } from '../raw-exchange.ts';
import { callSoap, elements, information, intermediary, notifyStart } from '../soap-messages.ts';
import { badSoapRequests } from './documents.ts';

const target = {
  path: '/intermediary',
  port: ({ noticePort }: HostileSite): number => noticePort,
  caller: (): 'plain' => 'plain',
  good: notifyStart(IDLE),
  bodyBytes: 64 * 1_024,
};

const saying = (name: string, payload: (site: HostileSite) => string, expected: string): HostileInput => ({
  name,
  send: async (site) => soapAnswer(await callSoap(target.port(site), 'plain', target.path, payload(site))),
  expect: expected,
});

/** The intermediary's port for start notifications in plain HTTP: anybody on the LAN can say anything here. */
export const noticeInputs: HostileInputs = {
  listener: 'the notice listener',
  good: {
    // Start notifications that nothing proves are counted: a contract is asked for instead.
    send: async (site) =>
      soapAnswer(await exchange(target.port(site), 'plain', http(`GET ${target.path}?wsdl`))),
    expect: '200',
  },
  inputs: [
    ...badSoapRequests(target),
    {
      name: 'TLS',
      send: async (site) =>
        soapAnswer(await exchange(target.port(site), 'plain', Buffer.from('\x16\x03\x01\x02\x00\x01'))),
      expect: '400',
    },
    saying('a start of an unknown device', () => notifyStart('printer-ghost'), '500 Client device-unknown'),
    saying(
      'a registration',
      () => intermediary('Register', `<device>${information(IDLE)}</device>`),
      '500 Client not-supported-yet',
    ),
    saying(
      'a request for a one-time password',
      () => intermediary('RequestOneTimePassword', elements({ orderId: 'o' })),
      '500 Client not-supported-yet',
    ),
    // Taken like every hint, and then ignored: the device would have proved it.
    saying('a start without proof of a device that is updated', () => notifyStart(BUSY), '200'),
    saying(
      'a start with a forged proof',
      ({ updateId }) => notifyStart(BUSY, elements({ jobId: updateId, mac: 'ab'.repeat(32) })),
      '200',
    ),
    saying(
      'a start that tells another bulk path',
      () => notifyStart(BUSY, '<bulkPath><t:host>203.0.113.1</t:host><t:port>21</t:port></bulkPath>'),
      '200',
    ),
    {
      name: 'a flood of starts of one device',
      send: async (site) => {
        const answers: string[] = [];
        for (let sent = 0; sent < 4; sent += 1) {
          answers.push(
            soapAnswer(await callSoap(target.port(site), 'plain', target.path, notifyStart(OPEN))),
          );
        }
        return answers.join(', ');
      },
      expect: '200, 200, 200, 500 Client too-many-starts',
    },
  ],
};
