import type { uplink } from '@postern/contracts';
import { errorCode, PosternError, Seconds, sleep, systemClock } from '@postern/core';
import type { Flaw, UplinkHandlers } from './flaw.ts';

/** Changes the polls on their way to the honest server. */
const poll =
  (change: (poll: uplink.Poll) => uplink.Poll): NonNullable<Flaw['uplink']> =>
  (honest) => ({ Poll: (told, context) => honest.Poll(change(told), context) });

/** Changes the answers of polls. */
const polled =
  (
    change: (answer: uplink.PollResponse, poll: uplink.Poll) => uplink.PollResponse,
  ): NonNullable<Flaw['uplink']> =>
  (honest) => ({ Poll: async (told, context) => change(await honest.Poll(told, context), told) });

/** Answers in place of a refusal of one of these codes. */
const instead = async <T>(answer: Promise<T>, codes: readonly string[], otherwise: () => T): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    if (codes.includes(errorCode(error, ''))) return otherwise();
    throw error;
  }
};

const takesRefused =
  (...codes: readonly string[]): NonNullable<Flaw['uplink']> =>
  (honest) => ({
    Deliver: (delivery, context) =>
      instead(honest.Deliver(delivery, context), codes, () => ({
        ...{ inReplyTo: delivery.deliveryId, outcome: 'succeeded', text: 'noted' },
      })),
  });

/** Flaws of the uplink contract that show without an operator. */
export const flawsOfUplink = {
  'answers-late': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        if (told.holdSeconds === 0) await sleep(systemClock, Seconds(20), context.signal);
        return honest.Poll(told, context);
      },
    }),
  },
  'names-no-pause': { uplink: polled((answer) => ({ ...answer, nextPollSeconds: 0 })) },
  'holds-no-poll': { uplink: poll((told) => ({ ...told, holdSeconds: 0 })) },
  'holds-too-long': {
    uplink: poll((told) => ({ ...told, holdSeconds: told.holdSeconds === 0 ? 0 : 30 })),
  },
  'keeps-older-polls': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        await sleep(systemClock, Seconds(told.holdSeconds), context.signal);
        return honest.Poll({ ...told, holdSeconds: 0 }, context);
      },
    }),
  },
  'refuses-unknown-receipts': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        if (told.received !== undefined) throw new PosternError('request-foreign', 'Nobody has sent that');
        return honest.Poll(told, context);
      },
    }),
  },
  'acknowledges-nothing': { uplink: polled(({ acknowledged: _, ...answer }) => answer) },
  'takes-half-of-refused-polls': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        const { delayNotices, ...half } = told;
        const answer = await honest.Poll(half, context);
        if (delayNotices === undefined) return answer;
        throw new PosternError('request-foreign', 'Nobody has sent that');
      },
    }),
  },
  'refuses-delay-notices': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        if (told.delayNotices !== undefined) throw new PosternError('request-unknown', 'What is that?');
        return honest.Poll(told, context);
      },
    }),
  },
  'forgets-revisions': {
    uplink: polled(({ devicesRevision: _, ...answer }) => answer),
  },
  'loses-changes': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async ({ devices, ...told }, context) => {
        if (devices === undefined || devices.complete) {
          return honest.Poll({ ...told, ...(devices && { devices }) }, context);
        }
        return { ...(await honest.Poll(told, context)), devicesRevision: devices.revision };
      },
    }),
  },
  'takes-any-changes': {
    uplink: polled((answer, { devices }) => ({
      ...answer,
      ...(devices === undefined ? {} : { devicesRevision: devices.revision }),
    })),
  },
  'refuses-no-device': { uplink: polled(({ refusedDevices: _, ...answer }) => answer) },
  'refuses-whole-lists': {
    uplink: polled((answer, { devices }) => ({
      ...answer,
      ...(answer.refusedDevices && {
        refusedDevices: {
          device: (devices?.device ?? []).map(({ information: { deviceId } }) => ({
            deviceId,
            code: 'device-foreign',
          })),
        },
      }),
    })),
  },
  'replies-to-nobody': {
    uplink: (honest: UplinkHandlers) => ({
      Deliver: async (delivery, context) => ({
        ...(await honest.Deliver(delivery, context)),
        inReplyTo: 'nobody',
      }),
    }),
  },
  'answers-otherwise-again': {
    uplink: (honest: UplinkHandlers) => {
      let count = 0;
      return {
        Deliver: async (delivery, context) => {
          count += 1;
          return { ...(await honest.Deliver(delivery, context)), text: `answer ${count}` };
        },
      };
    },
  },
  'takes-reused-deliveries': { uplink: takesRefused('delivery-reused') },
  'lets-anybody-speak': {
    uplink: takesRefused('device-unknown', 'device-foreign', 'route-loop'),
  },
  'has-every-image': {
    images: () => (_request, response) => {
      response.writeHead(200).end('an image');
    },
  },
} satisfies Record<string, Flaw>;
