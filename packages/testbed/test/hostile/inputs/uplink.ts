import type { HostileInput, HostileInputs } from '../hostile-input.ts';
import { BUSY, type HostileSite } from '../hostile-site.ts';
import { type Caller, exchange, http, problemAnswer, soapAnswer } from '../raw-exchange.ts';
import { callSoap, elements, information, POLL, poll, uplink } from '../soap-messages.ts';
import { badSoapRequests } from './documents.ts';
import { badCallers } from './tls.ts';

const target = {
  path: '/uplink',
  port: ({ uplinkPort }: HostileSite): number => uplinkPort,
  caller: ({ callers }: HostileSite): Caller => callers.otherIntermediary,
  good: poll(),
  bodyBytes: 4 * 1_024 * 1_024,
};

/** Said by another intermediary than that of the site. */
const saying = (name: string, payload: (site: HostileSite) => string, expected: string): HostileInput => ({
  name,
  send: async (site) =>
    soapAnswer(await callSoap(target.port(site), target.caller(site), target.path, payload(site))),
  expect: expected,
});

const polling = (name: string, changes: Partial<Record<keyof typeof POLL, string | number>>): HostileInput =>
  saying(name, () => uplink('Poll', elements({ ...POLL, ...changes })), '500 Client value-invalid');

const at = '2026-01-01T00:00:00Z';
const answer = (requestId: string): string =>
  poll(
    `<responses><response>${elements({ requestId, at })}` +
      '<t:Failure><t:code>cancelled</t:code><t:message>gone</t:message></t:Failure></response></responses>',
  );

const image = (
  name: string,
  path: (site: HostileSite) => string,
  expected: string,
  caller: (site: HostileSite) => Caller = target.caller,
  method = 'GET',
): HostileInput => ({
  name,
  send: async (site) =>
    problemAnswer(await exchange(target.port(site), caller(site), http(`${method} ${path(site)}`))),
  expect: expected,
});

/** The management server's port on the internet. */
export const uplinkInputs: HostileInputs = {
  listener: 'the uplink',
  good: {
    send: async (site) =>
      soapAnswer(await callSoap(target.port(site), target.caller(site), target.path, target.good)),
    expect: '200',
  },
  inputs: [
    ...badCallers({
      ...target,
      impostor: ({ impostors }) => impostors.intermediary,
      strangers: {
        'a device': ({ callers }) => callers.device,
        'a server': ({ callers }) => callers.server,
      },
    }),
    ...badSoapRequests(target),
    polling('a hold that is no number', { holdSeconds: 'abc' }),
    polling('a hold beyond 31 days', { holdSeconds: 2_678_401 }),
    polling('a negative capacity', { capacity: -1 }),
    polling('a session with a path', { sessionId: '../x' }),
    saying(
      'a thousand and one receipts',
      () => poll(`<received>${'<id>x</id>'.repeat(1_001)}</received>`),
      '500 Client element-repeated',
    ),
    // What is said of what was never sent is noted and skipped: the other site still gets its request.
    saying("the answer to another's request", ({ updateId }) => answer(updateId), '200'),
    saying('the answer to no request', () => answer('request-0'), '200'),
    saying(
      "a receipt for another's request",
      ({ updateId }) => poll(`<received><id>${updateId}</id></received>`),
      '200',
    ),
    saying(
      "a delay notice for another's request",
      ({ updateId }) =>
        poll(
          `<delayNotices><delayNotice>${elements({ requestId: updateId, phase: 'finished' })}</delayNotice></delayNotices>`,
        ),
      '200',
    ),
    saying(
      "another's device as its own",
      () =>
        poll(
          `<devices>${elements({ revision: 1, complete: 'false' })}<device><information>${information(BUSY)}</information></device></devices>`,
        ),
      // One wrong device does not keep a site from its updates: it is left out, and noted.
      '200',
    ),
    saying(
      "a notice of another's device",
      () =>
        uplink(
          'Deliver',
          `${elements({ deliveryId: 'd-1', deviceId: BUSY })}<route><node>site-b</node></route>` +
            `<i:UserCall>${elements({ 'i:callId': 'c-1', 'i:at': at, 'i:reason': 'help' })}</i:UserCall>`,
        ),
      '500 Client device-foreign',
    ),
    image("another site's image", ({ imageSha256 }) => `/images/${imageSha256}`, '404 image-missing'),
    image('an image path that climbs', () => '/images/../server.db', '404 image-missing'),
    image(
      'an image path that climbs in disguise',
      () => '/images/..%2f..%2foperator.token',
      '404 image-missing',
    ),
    image('an image that is no digest', () => '/images/operator.token', '404 image-missing'),
    image(
      'an image, to be deleted',
      ({ imageSha256 }) => `/images/${imageSha256}`,
      '405 method-not-allowed',
      target.caller,
      'DELETE',
    ),
    image(
      'an image, as a device',
      ({ imageSha256 }) => `/images/${imageSha256}`,
      '403 not-authorised',
      ({ callers }) => callers.device,
    ),
  ],
};
