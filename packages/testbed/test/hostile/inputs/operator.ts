import { envelope } from '../../../src/conformance/soap/bad-documents.ts';
import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { BUSY, type HostileSite, IDLE } from '../hostile-site.ts';
import { type Caller, exchange, http, soapAnswer } from '../raw-exchange.ts';
import { elements, operator, soapRequest } from '../soap-messages.ts';
import { badSoapRequests } from './documents.ts';

const PATH = '/soap/operator';

const target = {
  path: PATH,
  port: ({ restPort }: HostileSite): number => restPort,
  caller: ({ callers }: HostileSite): Caller => callers.operator,
  good: operator('GetDevice', elements({ deviceId: BUSY })),
  bodyBytes: 128 * 1_024,
  // The rest of the port is the REST interface's.
  elsewhere: '404',
};

const send = async (
  site: HostileSite,
  payload: string,
  headers: Readonly<Record<string, string>> = {},
  caller: Caller = target.caller(site),
): Promise<string> =>
  soapAnswer(await exchange(target.port(site), caller, soapRequest(PATH, envelope(payload), headers)));

/** A good call, by somebody else or with something else. */
const by = (
  name: string,
  caller: (site: HostileSite) => Caller,
  expected: string,
  authorization: (site: HostileSite) => string = () => '',
): HostileInput => ({
  name,
  send: (site) => send(site, target.good, { authorization: authorization(site) }, caller(site)),
  expect: expected,
});

const asking = (
  name: string,
  operation: string,
  inside: (site: HostileSite) => string,
  expected: string,
): HostileInput => ({
  name,
  send: (site) => send(site, operator(operation, inside(site))),
  expect: `500 Client ${expected}`,
});

const order = (request: string, rest: string) => `<request>${request}</request>${rest}`;
const toIdle = `<targets><target>${IDLE}</target></targets>`;
const nobody = ({ callers }: HostileSite): Caller => ({ caPem: callers.server.caPem });
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** What back-office systems call, on the operators' port. */
export const operatorInputs: HostileInputs = {
  listener: "the operators' contract",
  good: { send: (site) => send(site, target.good), expect: '200' },
  inputs: [
    by('no credential', nobody, '401 Client token-required'),
    by('a password that is none', nobody, '401 Client token-required', () => basic('operator', 'x')),
    by('the token of another user', nobody, '401 Client token-required', ({ token }) => basic('root', token)),
    by('Basic that is no base64', nobody, '401 Client token-required', () => 'Basic %%%'),
    by('an operator of another CA', ({ impostors }) => impostors.operator, '401 Client token-required'),
    by(
      'an intermediary with the token',
      ({ callers }) => callers.intermediary,
      '403 Client not-authorised',
      ({ token }) => `Bearer ${token}`,
    ),
    by('a device', ({ callers }) => callers.device, '403 Client not-authorised'),
    {
      name: 'a body before anybody is known',
      send: async (site) =>
        soapAnswer(
          await exchange(target.port(site), nobody(site), http(`POST ${PATH}`, {}, Buffer.alloc(200_000))),
        ),
      expect: '401 Client token-required',
    },
    ...badSoapRequests(target),
    asking('a page beyond the limit', 'ListDevices', () => '<limit>1001</limit>', 'value-invalid'),
    asking('a page after a path', 'ListUpdates', () => '<after>../x</after>', 'value-invalid'),
    asking(
      'a wait beyond the limit',
      'GetUpdate',
      ({ updateId }) => elements({ updateId, waitSeconds: 51 }),
      'value-invalid',
    ),
    asking('notices since no notice', 'FollowNotices', () => '<since>-1</since>', 'request-invalid'),
    asking(
      'an unknown device',
      'OrderUpdate',
      ({ softwareId }) => elements({ deviceId: 'nobody', software: softwareId }),
      'device-unknown',
    ),
    asking(
      'unknown software',
      'OrderUpdate',
      () => elements({ deviceId: IDLE, software: 'sw-0' }),
      'software-unknown',
    ),
    asking(
      'a device that is taken',
      'OrderUpdate',
      ({ softwareId }) => elements({ deviceId: BUSY, software: softwareId }),
      'update-already-open',
    ),
    asking(
      'a manifest that is none',
      'RegisterSoftware',
      () => '<signedManifest>e30=</signedManifest>',
      'manifest-malformed',
    ),
    asking(
      'base64 that is none',
      'RegisterSoftware',
      () => '<signedManifest>%</signedManifest>',
      'value-invalid',
    ),
    asking(
      'a request about an update',
      'OrderRequests',
      () => order('<d:CancelUpdate/>', toIdle),
      'element-unexpected',
    ),
    asking(
      'two requests in one order',
      'OrderRequests',
      () => order('<d:ConfirmAlive/><d:ConfirmAlive/>', toIdle),
      'element-repeated',
    ),
    asking('an order for nobody', 'OrderRequests', () => order('<d:ConfirmAlive/>', ''), 'request-invalid'),
    asking(
      'an order for all',
      'OrderRequests',
      () => order('<d:ConfirmAlive/>', '<selector/>'),
      'request-invalid',
    ),
    asking(
      'the identifier that the server gives',
      'OrderRequests',
      () =>
        order(
          `<d:DeleteFile>${elements({ 'd:name': 'report.txt', 'd:requestId': 'mine' })}</d:DeleteFile>`,
          toIdle,
        ),
      'request-invalid',
    ),
    asking(
      "an update's request, withdrawn",
      'WithdrawRequest',
      ({ updateId }) => elements({ requestId: updateId }),
      'request-unknown',
    ),
    asking(
      'an answer to no call',
      'AnswerCall',
      () => elements({ noticeId: 'n-1', outcome: 'succeeded', text: 'x' }),
      'notice-unknown',
    ),
    asking(
      'an answer that is none yet',
      'AnswerCall',
      () => elements({ noticeId: '1', outcome: 'pending', text: 'x' }),
      'value-invalid',
    ),
  ],
};
