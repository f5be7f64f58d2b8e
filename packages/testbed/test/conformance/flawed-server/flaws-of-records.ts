import type { operator } from '@postern/contracts';
import type { Flaw, OperatorHandlers, UplinkHandlers } from './flaw.ts';

const shownDevice = (change: (device: operator.Device) => operator.Device): NonNullable<Flaw['operator']> => {
  return (honest) => ({
    GetDevice: async (asked, context) => ({
      device: change((await honest.GetDevice(asked, context)).device),
    }),
  });
};

/** Flaws of what operators read: devices, notices, updates. */
export const flawsOfRecords = {
  'shows-devices-for-ever': { operator: shownDevice((device) => ({ ...device, present: true })) },
  'repeats-pages': {
    operator: (honest: OperatorHandlers) => ({
      ListDevices: ({ after: _, ...asked }, context) => honest.ListDevices(asked, context),
    }),
  },
  'lists-nobody': {
    operator: () => ({ ListIntermediaries: async () => ({ page: { intermediary: [] } }) }),
  },
  'notes-twice': {
    uplink: (honest: UplinkHandlers) => {
      let count = 0;
      return {
        Deliver: async (delivery, context) => {
          count += 1;
          const { deliveryId } = delivery;
          const renamed = { ...delivery, deliveryId: `${deliveryId}-${count}` };
          return { ...(await honest.Deliver(renamed, context)), inReplyTo: deliveryId };
        },
      };
    },
  },
  'waits-for-no-notice': {
    operator: (honest: OperatorHandlers) => ({
      FollowNotices: ({ waitSeconds: _, ...asked }, context) => honest.FollowNotices(asked, context),
    }),
  },
  'keeps-answers-to-itself': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        const { deferredResponses: _, ...answer } = await honest.Poll(told, context);
        return answer;
      },
    }),
  },
  'loses-counters': { operator: shownDevice(({ counters: _, ...device }) => device) },
  'sends-another-manifest': {
    uplink: (honest: UplinkHandlers) => ({
      Poll: async (told, context) => {
        const { requests, ...answer } = await honest.Poll(told, context);
        const request = (requests?.request ?? []).map((one) =>
          one.body.kind === 'UpdateSoftware'
            ? {
                ...one,
                body: { ...one.body, value: { ...one.body.value, signedManifest: Buffer.from('{}') } },
              }
            : one,
        );
        return { ...answer, requests: { request } };
      },
    }),
  },
  'serves-no-ranges': {
    images: (honest) => (request, response, context) => {
      delete request.headers.range;
      honest(request, response, context);
    },
  },
  'calls-failures-verified': {
    operator: (honest: OperatorHandlers) => ({
      GetUpdate: async (asked, context) => {
        const { update } = await honest.GetUpdate(asked, context);
        return { update: update.state === 'failed' ? { ...update, state: 'verified' } : update };
      },
    }),
  },
  'cancels-nothing': {
    operator: (honest: OperatorHandlers) => ({
      CancelUpdate: ({ updateId }, context) => honest.GetUpdate({ updateId }, context),
    }),
  },
} satisfies Record<string, Flaw>;
