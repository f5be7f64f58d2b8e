import { createHash } from 'node:crypto';
import type { device, operator, uplink } from '@postern/contracts';
import { clientTlsOptions } from '@postern/pki';
import type { Check } from '../check.ts';
import { get } from '../http/get.ts';
import { playedDevice } from '../uplink/devices.ts';
import { getImage } from '../uplink/image-checks.ts';
import type { PlayedIntermediary } from '../uplink/played-intermediary.ts';
import { failed, skipped } from '../verdicts.ts';
import { ROOM, requireSame, tidyUp } from './orders.ts';
import type { OperatorTarget, ServerTarget } from './server-target.ts';

/** An update of a device that we play: nothing is installed anywhere. */
interface Updating {
  readonly target: ServerTarget;
  readonly site: PlayedIntermediary;
  readonly operators: OperatorTarget;
  readonly software: operator.Software;
  readonly updateId: string;
  readonly deviceId: string;
  readonly signal: AbortSignal;
  /** The order as it goes down. */
  fetch(): Promise<uplink.Request>;
  /** Ends it, as the site. */
  end(request: uplink.Request): Promise<void>;
  seen(): Promise<operator.Update>;
}

const DEADLINE_SECONDS = 60;

/** The longest image that is read as a whole. */
const WHOLE_BYTES = 8 << 20;

const updating = (
  check: Omit<Check<ServerTarget>, 'run'>,
  work: (updating: Updating) => Promise<void>,
): Check<ServerTarget> => ({
  ...check,
  run: async (target, signal) => {
    const operators = target.operator();
    const { site, clock } = target;
    const [software] = (await operators.call('ListSoftware', {}, signal)).page.software;
    if (software === undefined) {
      throw skipped('It needs registered software', 'Register software of any model; no device installs it.');
    }
    const deviceId = site.newId();
    await site.withDevices([playedDevice(deviceId, { model: software.model })], signal, async () => {
      const order = { deviceId, software: software.id, deadlineSeconds: DEADLINE_SECONDS };
      const updateId = (await operators.call('OrderUpdate', order, signal)).update.id;
      const of = (kind: uplink.RequestBody['kind'], { requests }: uplink.PollResponse) =>
        requests?.request.find((one) => one.target === deviceId && one.body.kind === kind);
      const respond = async ({ requestId }: uplink.Request, waiting: AbortSignal) => {
        const body = { kind: 'UpdateSoftwareResponse', value: RESULT } as const;
        const response = [{ requestId, at: clock.now(), body }];
        await site.poll({ responses: { response } }, { signal: waiting });
      };
      let fetched: uplink.Request | undefined;
      let ended = false;
      try {
        await work({
          ...{ target, site, operators, software, updateId, deviceId, signal },
          fetch: async () => {
            fetched = of('UpdateSoftware', await site.poll({ capacity: ROOM }, { signal }));
            if (fetched !== undefined) return fetched;
            throw failed(
              'The next poll did not bring it down',
              'Send UpdateSoftware down to its intermediary.',
            );
          },
          end: async (request) => {
            await respond(request, signal);
            ended = true;
          },
          seen: async () => (await operators.call('GetUpdate', { updateId }, signal)).update,
        });
      } finally {
        const open = fetched;
        if (!ended) {
          await tidyUp(clock, (bounded) =>
            open === undefined
              ? operators.call('CancelUpdate', { updateId }, bounded)
              : respond(open, bounded),
          );
        }
      }
    });
  },
});

const RESULT: device.UpdateSoftwareResponse = {
  state: 'failed',
  assurance: 'full',
  components: { item: [] },
  failure: { code: 'device-unreachable', message: 'A conformance check: nothing was tried' },
  credential: 'none',
  journal: { step: [] },
};

/** Updates, as far as they are the server's. */
export const updateChecks: readonly Check<ServerTarget>[] = [
  updating(
    {
      id: 'update-goes-down',
      title: 'an ordered update goes down with its signed manifest and the time that is left',
      section: 'OrderUpdate, UpdateSoftware, S101',
      level: 'required',
    },
    async ({ fetch, seen, software }) => {
      requireSame((await seen()).state, 'ordered', 'state');
      const { body } = await fetch();
      if (body.kind !== 'UpdateSoftware') return;
      const { signedManifest, deadlineSeconds } = body.value;
      if (deadlineSeconds < 1 || deadlineSeconds > DEADLINE_SECONDS) {
        throw failed(
          `deadlineSeconds is ${deadlineSeconds}, ordered was ${DEADLINE_SECONDS}`,
          'Say how much of the time of the order is left.',
        );
      }
      const text = Buffer.from(signedManifest).toString('utf8');
      const payload = Buffer.from(payloadOf(text), 'base64').toString('utf8');
      const missing = software.components.component.find(({ sha256 }) => !payload.includes(sha256));
      if (missing !== undefined) {
        throw failed(
          `The manifest does not name the image of ${missing.name}`,
          'Send the signed manifest down with which the software was registered; see docs/manifest.md.',
        );
      }
      requireSame((await seen()).state, 'sent', 'state');
    },
  ),
  updating(
    {
      id: 'update-image',
      title: 'its images can be read by their digest, whole and from any byte on, by intermediaries only',
      section: 'uplink.wsdl, RFC 9110 §14',
      level: 'required',
    },
    async ({ fetch, software, site, signal }) => {
      await fetch();
      for (const { sha256, length } of software.components.component) {
        await readImage(site, { sha256, length }, signal);
      }
    },
  ),
  updating(
    {
      id: 'update-delayed',
      title: 'a delay notice makes it running, with phase and steps',
      section: 'DelayNotice, GetUpdate, GetUpdateJournal, R2',
      level: 'required',
    },
    async ({ fetch, seen, site, target, operators, updateId, signal }) => {
      const { requestId } = await fetch();
      const at = target.clock.now();
      const step = [
        { sequence: 1, step: 'S102', path: 'local', direction: 'inside', at, outcome: 'done' } as const,
      ];
      const delayNotice = [{ requestId, phase: 'sharing', journal: { step } }];
      await site.poll({ received: { id: [requestId] }, delayNotices: { delayNotice } }, { signal });
      const { state, phase } = await seen();
      requireSame([state, phase], ['running', 'sharing'], 'state and phase');
      const { journal } = await operators.call('GetUpdateJournal', { updateId }, signal);
      if (journal.step.some((one) => one.step === 'S102')) return;
      throw failed('GetUpdateJournal does not have the step', 'Keep the steps that come with delay notices.');
    },
  ),
  updating(
    {
      id: 'update-ended',
      title: 'its end is acknowledged and shown as it was told',
      section: 'UpdateSoftwareResponse, GetUpdate, S124',
      level: 'required',
    },
    async ({ fetch, end, seen }) => {
      await end(await fetch());
      const { state, failure } = await seen();
      requireSame([state, failure?.code], ['failed', RESULT.failure?.code], 'state and failure');
    },
  ),
  updating(
    {
      id: 'update-cancelled',
      title: 'one that is called off before it was fetched does not go down',
      section: 'CancelUpdate',
      level: 'recommended',
    },
    async ({ site, seen, operators, updateId, deviceId, signal }) => {
      await operators.call('CancelUpdate', { updateId }, signal);
      requireSame((await seen()).state, 'cancelled', 'state');
      const { requests } = await site.poll({ capacity: ROOM }, { signal });
      if (!requests?.request.some((one) => one.target === deviceId)) return;
      throw failed('It went down all the same', 'Send nothing down that was called off.');
    },
  ),
  updating(
    {
      id: 'update-cancel',
      title: 'one that is called off later is asked of its site, and the site decides',
      section: 'CancelUpdate',
      level: 'recommended',
    },
    async ({ fetch, end, seen, site, operators, updateId, deviceId, signal }) => {
      const update = await fetch();
      await site.poll({ received: { id: [update.requestId] } }, { signal });
      const answer = await operators.call('CancelUpdate', { updateId }, signal);
      requireSame(answer.update.cancelRequested, true, 'cancelRequested');
      const { requests } = await site.poll({ capacity: ROOM }, { signal });
      const asked = requests?.request.some(
        ({ target, body }) => target === deviceId && body.kind === 'CancelUpdate',
      );
      if (!asked) throw failed('The next poll did not bring it down', 'Send CancelUpdate to the site.');
      await end(update);
      requireSame((await seen()).state, 'failed', 'state');
    },
  ),
];

const payloadOf = (envelope: string): string => {
  try {
    const { payload } = JSON.parse(envelope) as { readonly payload?: unknown };
    return typeof payload === 'string' ? payload : '';
  } catch {
    return '';
  }
};

const RANGES = 'Serve GET /images/SHA-256 with one byte range (206, Content-Range).';

const readImage = async (
  site: PlayedIntermediary,
  { sha256, length }: { readonly sha256: string; readonly length: number },
  signal: AbortSignal,
): Promise<void> => {
  const from = Math.floor(length / 2);
  const to = Math.min(length - 1, from + 1_023);
  const part = await getImage(site, sha256, signal, { range: `bytes=${from}-${to}` });
  requireSame(
    [part.status, part.headers['content-range']],
    [206, `bytes ${from}-${to}/${length}`],
    'Status and Content-Range',
  );
  if (part.body.length !== to - from + 1) throw failed(`The part has ${part.body.length} bytes`, RANGES);
  await requireClosed(site, sha256, signal);
  if (length > WHOLE_BYTES) return;
  const { status, body } = await getImage(site, sha256, signal);
  requireSame([status, body.length], [200, length], 'Status and length');
  requireSame(createHash('sha256').update(body).digest('hex'), sha256, 'SHA-256');
  requireSame(Buffer.from(body.subarray(from, to + 1)), Buffer.from(part.body), 'The part of the whole');
};

const requireClosed = async (
  { address }: PlayedIntermediary,
  sha256: string,
  signal: AbortSignal,
): Promise<void> => {
  const url = new URL(`/images/${sha256}`, address.url).href;
  const nobody = clientTlsOptions({ caPem: address.node.caPem }, { expect: 'unauthenticated' });
  const answer = await get(url, nobody, { signal }).catch(() => undefined);
  if (answer === undefined || answer.status >= 400) return;
  throw failed(
    'It was read without a certificate',
    'Demand a certificate of an intermediary for images as for the uplink.',
  );
};
