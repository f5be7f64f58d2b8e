import type { intermediary, uplink } from '@postern/contracts';
import { type Clock, Instant, Minutes } from '@postern/core';
import type { Check } from '../check.ts';
import { failed, refusedWithReason } from '../verdicts.ts';
import { playedDevice, VERSION } from './devices.ts';
import { callOf, supplyOf } from './notices.ts';
import type { PlayedIntermediary } from './played-intermediary.ts';
import type { UplinkTarget } from './uplink-target.ts';

/** The work on a device that was told of. */
type Work = (about: {
  readonly target: UplinkTarget;
  readonly site: PlayedIntermediary;
  readonly deviceId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}) => Promise<void>;

const ofDevice = (check: Omit<Check<UplinkTarget>, 'run'>, work: Work): Check<UplinkTarget> => ({
  ...check,
  run: (target, signal) => {
    const { site, clock } = target;
    const deviceId = site.newId();
    return site.withDevices([playedDevice(deviceId)], signal, () =>
      work({ target, site, deviceId, clock, signal }),
    );
  },
});

type Kind = uplink.DeliverBody['kind'];

/** A kind of delivery is answered. */
const kind = (
  name: Kind,
  level: Check<unknown>['level'],
  title: string,
  section: string,
  bodyOf: (deviceId: string, id: string, clock: Clock) => uplink.DeliverBody,
): Check<UplinkTarget> =>
  ofDevice(
    { id: `deliver-${kebab(name)}`, title: `${title} is answered`, section: `${name}, ${section}`, level },
    async ({ site, deviceId, clock, signal }) => {
      const deliveryId = site.newId();
      const body = bodyOf(deviceId, site.newId(), clock);
      requireReply(await site.deliver({ deliveryId, deviceId, body }, signal), deliveryId);
    },
  );

const kebab = (name: string): string => name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

/** What comes up of a site's own accord: answered once and for all, from those it may come from. */
export const deliveryChecks: readonly Check<UplinkTarget>[] = [
  kind('UserCall', 'required', 'a user call', 'R3, R6', (_device, id, clock) => callOf(id, clock)),
  kind('NotifySupply', 'required', 'a supply notice', 'I2', (_device, id, clock) => supplyOf(id, clock)),
  kind('NotifyAbnormality', 'required', 'an abnormality notice', 'I2', (_device, noticeId, clock) => ({
    kind: 'NotifyAbnormality',
    value: { noticeId, at: clock.now(), code: 'paper-jam', text: 'A conformance check: nothing is wrong' },
  })),
  kind('NotifyStart', 'required', 'a start notification', 'I2, U6', (deviceId) => ({
    kind: 'NotifyStart',
    value: { deviceId, program: 'firmware' },
  })),
  kind('Register', 'recommended', 'a registration', 'I2', (deviceId) => ({
    kind: 'Register',
    value: { device: playedDevice(deviceId).information },
  })),
  kind('GetCountersResponse', 'recommended', 'what a schedule has read of counters', 'I3', () => ({
    kind: 'GetCountersResponse',
    value: { counters: { item: [{ name: 'pages', value: 1 }] } },
  })),
  kind(
    'CollectLogsResponse',
    'recommended',
    'what a schedule has read of logs',
    'I3',
    (_device, _id, clock) => ({
      kind: 'CollectLogsResponse',
      value: { entries: { item: [{ at: clock.now(), level: 'info', message: 'A conformance check' }] } },
    }),
  ),
  kind(
    'UpdateSoftwareResponse',
    'recommended',
    'the end of an update that the site ordered',
    'I4, U16',
    () => ({
      kind: 'UpdateSoftwareResponse',
      value: {
        state: 'not-required',
        assurance: 'full',
        components: { item: [{ component: 'firmware', version: VERSION }] },
        credential: 'none',
        journal: { step: [] },
        orderedBy: 'operation-port',
      },
    }),
  ),
  {
    id: 'deliver-of-site',
    title: 'an intermediary speaks of itself, too',
    section: 'Deliver, docs/remote-management.md',
    level: 'recommended',
    run: async ({ site, clock }, signal) => {
      const deliveryId = site.newId();
      const body = supplyOf(site.newId(), clock);
      requireReply(await site.deliver({ deliveryId, deviceId: site.name, body }, signal), deliveryId);
    },
  },
  ofDevice(
    {
      id: 'deliver-repeated',
      title: 'the same delivery once more is answered as before',
      section: 'Deliver, R3',
      level: 'required',
    },
    async ({ site, deviceId, clock, signal }) => {
      const delivery = { deliveryId: site.newId(), deviceId, body: supplyOf(site.newId(), clock) };
      const first = await site.deliver(delivery, signal);
      const again = await site.deliver(delivery, signal);
      if (first.outcome === 'pending' || JSON.stringify(again) === JSON.stringify(first)) return;
      throw failed(
        `First ${said(first)}, then ${said(again)}`,
        'Keep the answer by deliveryId: it comes again when the first was lost.',
      );
    },
  ),
  ofDevice(
    {
      id: 'deliver-reused',
      title: 'other content under the same deliveryId is refused',
      section: 'Deliver, docs/implementing-a-client.md',
      level: 'recommended',
    },
    async ({ site, deviceId, clock, signal }) => {
      const deliveryId = site.newId();
      await site.deliver({ deliveryId, deviceId, body: supplyOf(site.newId(), clock) }, signal);
      const other = { deliveryId, deviceId, body: callOf(site.newId(), clock) };
      await refusedWithReason(site.deliver(other, signal), 'Something else as the same delivery');
    },
  ),
  ofDevice(
    {
      id: 'deliver-missed',
      title: 'a call is taken late, that the caller was told had failed',
      section: 'Deliver, at, answeredAs, R7',
      level: 'recommended',
    },
    async ({ site, deviceId, clock, signal }) => {
      const deliveryId = site.newId();
      const at = Instant(clock.now() - Minutes(10));
      const late = {
        deliveryId,
        deviceId,
        body: callOf(site.newId(), clock),
        at,
        answeredAs: 'failed',
      } as const;
      requireReply(await site.deliver(late, signal), deliveryId);
    },
  ),
  {
    id: 'deliver-from-below',
    title: 'what came through an intermediary below is taken with its route',
    section: 'Deliver, route, T2',
    level: 'recommended',
    run: async ({ site, clock }, signal) => {
      const [deviceId, below] = [site.newId(), site.newId()];
      await site.withDevices([playedDevice(deviceId, { route: { node: [below] } })], signal, async () => {
        const deliveryId = site.newId();
        const route = { node: [below, site.name] };
        const body = supplyOf(site.newId(), clock);
        requireReply(await site.deliver({ deliveryId, deviceId, route, body }, signal), deliveryId);
      });
    },
  },
  {
    id: 'deliver-unknown',
    title: 'a device that nobody has told of is refused',
    section: 'Deliver, device-unknown',
    level: 'recommended',
    run: async ({ site, clock }, signal) => {
      const unknown = { deviceId: site.newId(), body: supplyOf(site.newId(), clock) };
      await refusedWithReason(site.deliver(unknown, signal), 'A delivery of a device that nobody knows');
    },
  },
  ofDevice(
    {
      id: 'deliver-other-route',
      title: "a delivery whose route ends at another intermediary than the certificate's is refused",
      section: 'Deliver, route, device-foreign',
      level: 'required',
    },
    async ({ site, deviceId, clock, signal }) => {
      const route = { node: [site.newId()] };
      const delivery = { deviceId, route, body: supplyOf(site.newId(), clock) };
      await refusedWithReason(site.deliver(delivery, signal), 'The route of somebody else');
    },
  ),
  ofDevice(
    {
      id: 'deliver-loop',
      title: 'a delivery whose route runs in a circle is refused',
      section: 'Deliver, route-loop, T2',
      level: 'recommended',
    },
    async ({ site, deviceId, clock, signal }) => {
      const route = { node: [site.name, site.name] };
      const delivery = { deviceId, route, body: supplyOf(site.newId(), clock) };
      await refusedWithReason(site.deliver(delivery, signal), 'A route in a circle');
    },
  ),
  ofDevice(
    {
      id: 'deliver-foreign',
      title: "another intermediary does not speak for this one's devices",
      section: 'Deliver, device-foreign',
      level: 'required',
    },
    async ({ target, deviceId, clock, signal }) => {
      const other = target.other();
      const delivery = { deviceId, body: supplyOf(other.newId(), clock) };
      await refusedWithReason(
        other.deliver(delivery, signal),
        'A delivery of a device of another intermediary',
      );
    },
  ),
];

const requireReply = ({ inReplyTo }: intermediary.Answer, deliveryId: string): void => {
  if (inReplyTo === deliveryId) return;
  throw failed(`inReplyTo is ${inReplyTo}`, 'Repeat the deliveryId in inReplyTo.');
};

const said = ({ outcome, text }: intermediary.Answer): string => `${outcome} ${JSON.stringify(text)}`;
