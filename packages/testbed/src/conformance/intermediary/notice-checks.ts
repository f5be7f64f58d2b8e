import type { uplink } from '@postern/contracts';
import type { Check } from '../check.ts';
import { failed, refusedWithReason } from '../verdicts.ts';
import { abnormality, newId, requireSame, supply } from './device-words.ts';
import { deliveryOf, ready } from './exchanges.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { onPurpose } from './played-server.ts';

const isNotice =
  (noticeId: string) =>
  ({ body }: uplink.Deliver): boolean =>
    (body.kind === 'NotifySupply' || body.kind === 'NotifyAbnormality') && body.value.noticeId === noticeId;

/** What devices tell beside calls, on its way up, and under whose name. */
export const noticeChecks: readonly Check<IntermediaryTarget>[] = [
  {
    id: 'notices',
    title: 'notices of supplies and of what is wrong go up as they are, in their order',
    section: 'NotifySupply, NotifyAbnormality, R3',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device } = target;
      const from = happenings.mark;
      const [low, broken] = [supply(target), abnormality(target)];
      await device.call(async (client) => {
        await client.call('NotifySupply', low, { signal });
        await client.call('NotifyAbnormality', broken, { signal });
      });
      const first = await deliveryOf(target, isNotice(low.noticeId), { what: 'NotifySupply', from }, signal);
      const second = await deliveryOf(
        target,
        isNotice(broken.noticeId),
        { what: 'NotifyAbnormality', from },
        signal,
      );
      requireSame(low, first.body.value, 'NotifySupply');
      requireSame(broken, second.body.value, 'NotifyAbnormality');
      const [before, after] = [low, broken].map(({ noticeId }) =>
        happenings.place('delivery', ({ delivery }) => isNotice(noticeId)(delivery), from),
      );
      if ((before ?? 0) < (after ?? 0)) return;
      throw failed('The later notice came first', 'Deliver what a device says in the order it came.');
    },
  },
  {
    id: 'notice-once',
    title: 'a notice that the device repeats is one delivery',
    section: 'Deliver deliveryId, docs/remote-management.md',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device } = target;
      const from = happenings.mark;
      const low = supply(target);
      const last = abnormality(target);
      await device.call(async (client) => {
        await client.call('NotifySupply', low, { signal });
        await client.call('NotifySupply', low, { signal });
        await client.call('NotifyAbnormality', last, { signal });
      });
      await deliveryOf(target, isNotice(last.noticeId), { what: 'NotifyAbnormality', from }, signal);
      const ids = happenings
        .of('delivery', from)
        .filter(({ delivery }) => isNotice(low.noticeId)(delivery))
        .map(({ delivery }) => delivery.deliveryId);
      if (new Set(ids).size === 1) return;
      throw failed(
        `It came up as ${new Set(ids).size} deliveries`,
        "Make the deliveryId of the device, the kind and the device's own identifier.",
      );
    },
  },
  {
    id: 'notice-reused',
    title: 'the same identifier with another content is refused',
    section: 'docs/errors.md delivery-reused',
    level: 'recommended',
    run: async (target, signal) => {
      await ready(target, signal);
      const low = supply(target);
      await target.device.call(async (client) => {
        await client.call('NotifySupply', low, { signal });
        const other = client.call('NotifySupply', { ...low, remainingPercent: 99 }, { signal });
        await refusedWithReason(other, 'Another content under the same noticeId');
      });
    },
  },
  {
    id: 'delivery-repeated',
    title: 'a delivery that the server could not take comes again, as the same',
    section: 'Deliver, R3',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, happenings, device } = target;
      const from = happenings.mark;
      const low = supply(target);
      let refused = false;
      const once = async () => {
        if (refused) return { outcome: 'succeeded', text: 'taken' } as const;
        refused = true;
        throw onPurpose('Busy on purpose');
      };
      await server.answering(once, async () => {
        await device.call((client) => client.call('NotifySupply', low, { signal }));
        const first = await deliveryOf(
          target,
          isNotice(low.noticeId),
          { what: 'NotifySupply', from },
          signal,
        );
        const place = happenings.place('delivery', ({ delivery }) => isNotice(low.noticeId)(delivery), from);
        const second = await deliveryOf(
          target,
          isNotice(low.noticeId),
          { what: 'NotifySupply, after it was refused for now,', from: place + 1 },
          signal,
        );
        requireSame(first.deliveryId, second.deliveryId, 'deliveryId');
      });
    },
  },
  {
    id: 'refused-not-forwarded',
    title: 'a notice that the schema does not allow goes nowhere',
    section: 'XSD, docs/security.md',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device } = target;
      const from = happenings.mark;
      const last = abnormality(target);
      const low = supply(target);
      await refusedWithReason(
        device.call(
          (client) => client.call('NotifySupply', low, { signal }),
          (whole) => whole.replace('</NotifySupply>', '<backdoor>1</backdoor></NotifySupply>'),
        ),
        'A notice with an unknown element',
      );
      await device.call((client) => client.call('NotifyAbnormality', last, { signal }));
      await deliveryOf(target, isNotice(last.noticeId), { what: 'NotifyAbnormality', from }, signal);
      if (happenings.place('delivery', ({ delivery }) => isNotice(low.noticeId)(delivery), from) < 0) return;
      throw failed(
        'It was delivered all the same',
        'Store nothing of a document before it was read as a whole.',
      );
    },
  },
  {
    id: 'impersonation',
    title: 'a device that introduces itself under the name of another is refused',
    section: 'Register, NotifyStart, A1',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { device } = target;
      const deviceId = newId(target, 'other');
      await device.call(async (client) => {
        const registering = client.call(
          'Register',
          { device: { ...device.information(), deviceId } },
          { signal },
        );
        await refusedWithReason(registering, 'A registration under another name');
        const starting = client.call('NotifyStart', { ...device.startNotice(), deviceId }, { signal });
        await refusedWithReason(starting, 'A start notification under another name');
      });
    },
  },
];
