import type { operator, uplink } from '@postern/contracts';
import type { Check } from '../check.ts';
import { playedDevice } from '../uplink/devices.ts';
import { failed, refusedWithReason } from '../verdicts.ts';
import { BELOW, requireSame } from './orders.ts';
import type { OperatorTarget, ServerTarget } from './server-target.ts';

/** What operators read. */
export const fleetChecks: readonly Check<ServerTarget>[] = [
  {
    id: 'fleet-device',
    title: 'a device is shown as its intermediary told of it, and as absent when it is told of no more',
    section: 'GetDevice, DeviceChanges',
    level: 'required',
    run: async (target, signal) => {
      const operators = target.operator();
      const { site } = target;
      const deviceId = site.newId();
      const route = { node: [BELOW] };
      const change = playedDevice(deviceId, { route });
      const shown = async () => (await operators.call('GetDevice', { deviceId }, signal)).device;
      await site.withDevices([change], signal, async () => {
        const { model, components, intermediary, route: way, present } = await shown();
        const { information } = change;
        requireSame([model, components], [information.model, information.components], 'model and components');
        requireSame([intermediary, way, present], [site.name, route, true], 'intermediary, route, present');
      });
      requireSame((await shown()).present, false, 'present');
    },
  },
  {
    id: 'fleet-pages',
    title: 'a list read page by page has everything once',
    section: 'ListDevices, docs/operator-contract.md',
    level: 'required',
    run: async (target, signal) => {
      const operators = target.operator();
      const { site } = target;
      const model = site.newId();
      const names = [site.newId(), site.newId(), site.newId()].sort();
      await site.withDevices(
        names.map((name) => playedDevice(name, { model })),
        signal,
        async () => {
          const read: string[] = [];
          let after: string | undefined;
          for (let pages = 0; pages <= names.length + 1; pages += 1) {
            const from = after === undefined ? {} : { after };
            const { page } = await operators.call('ListDevices', { model, limit: 1, ...from }, signal);
            if (page.device.length > 1)
              throw failed('A page of limit 1 had more', 'Hold pages to their limit.');
            read.push(...page.device.map(({ id }) => id));
            after = page.next;
            if (after === undefined) break;
          }
          requireSame(read.sort(), names, 'Devices of all pages');
        },
      );
    },
  },
  {
    id: 'fleet-intermediaries',
    title: 'an intermediary that has polled is listed',
    section: 'ListIntermediaries',
    level: 'required',
    run: async (target, signal) => {
      const operators = target.operator();
      const { site } = target;
      await site.poll({}, { signal });
      if ((await findIntermediary(operators, site.name, signal)) !== undefined) return;
      throw failed(`${site.name} is not in the list`, 'List all intermediaries that have polled.');
    },
  },
  {
    id: 'fleet-below',
    title: 'an intermediary below is listed with the way to it, for as long as it is told of',
    section: 'ListIntermediaries, IntermediariesBelow, T2',
    level: 'recommended',
    run: async (target, signal) => {
      const operators = target.operator();
      const { site } = target;
      const name = site.newId();
      const route = { node: [name] };
      const tell = (intermediary: readonly uplink.IntermediaryBelow[]) => {
        const list = { complete: true, device: [], intermediaries: { intermediary } };
        return site.poll({ devices: { revision: site.nextRevision(), ...list } }, { signal });
      };
      await site.poll({}, { signal });
      await tell([{ name, route }]);
      const listed = await findIntermediary(operators, name, signal);
      await tell([]);
      requireSame([listed?.via, listed?.route], [site.name, route], 'via and route');
      requireSame(await findIntermediary(operators, name, signal), undefined, 'The intermediary afterwards');
    },
  },
  {
    id: 'fleet-lists',
    title: 'software, updates, requests and notices are listed by the schema',
    section: 'ListSoftware, ListUpdates, ListRequests, ListNotices',
    level: 'required',
    run: async (target, signal) => {
      const operators = target.operator();
      await operators.call('ListSoftware', {}, signal);
      await operators.call('ListUpdates', {}, signal);
      await operators.call('ListRequests', {}, signal);
      await operators.call('ListNotices', {}, signal);
    },
  },
  {
    id: 'fleet-unknown',
    title: 'what nobody knows is refused with a reason',
    section: 'GetDevice, GetUpdate, GetOrder, GetRequest, docs/errors.md',
    level: 'required',
    run: async (target, signal) => {
      const operators = target.operator();
      const id = target.site.newId();
      await refusedWithReason(operators.call('GetDevice', { deviceId: id }, signal), 'An unknown device');
      await refusedWithReason(operators.call('GetUpdate', { updateId: id }, signal), 'An unknown update');
      await refusedWithReason(operators.call('GetOrder', { orderId: id }, signal), 'An unknown order');
      await refusedWithReason(operators.call('GetRequest', { requestId: id }, signal), 'An unknown request');
    },
  },
];

const MOST_PAGES = 20;

const findIntermediary = async (
  operators: OperatorTarget,
  wanted: string,
  signal: AbortSignal,
): Promise<operator.Intermediary | undefined> => {
  let after: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const from = after === undefined ? {} : { after };
    const { page } = await operators.call('ListIntermediaries', { limit: 1_000, ...from }, signal);
    const found = page.intermediary.find(({ name }) => name === wanted);
    after = page.next;
    if (found !== undefined || after === undefined) return found;
  }
  return undefined;
};
