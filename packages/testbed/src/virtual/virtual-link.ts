import { seededEntropy } from '@postern/core/testing';
import type { DeviceSettings } from '@postern/device-emulator/compose';
import { makePasswordList, type PasswordList } from '@postern/software-update';
import { planOf } from '../simulation/cascade.ts';
import type { DevicePlan } from '../simulation/schedule.ts';
import type { DeviceOfSite } from '../site/site-config.ts';
import type { LanPlan } from '../topology/plan.ts';

/** The password lists of a LAN by device, as its intermediary has them. */
export const passwordListsOf = ({
  name,
  devices = [],
}: Pick<LanPlan, 'name' | 'devices'>): ReadonlyMap<string, PasswordList> =>
  new Map(
    devices.flatMap(({ id, passwords }) => {
      if (passwords === undefined) return [];
      const list = { deviceId: id, userName: name, count: passwords };
      return [[id, makePasswordList(seededEntropy(`list of ${id}`), list)] as const];
    }),
  );

/** How a device in memory is made: its end of the link to the intermediary. */
export const devicePlanOf = ({ id, secureLink, bulkPathKind, plain, clock }: DeviceOfSite): DevicePlan => {
  const plan = planOf(id);
  const link = {
    ...plan.link,
    ...(secureLink === undefined ? {} : { tls: secureLink }),
    ...(bulkPathKind === undefined ? {} : { bulkPathKind }),
  } as DevicePlan['link'];
  return { ...plan, link, plainPath: plain !== undefined, clock: clock ?? plan.clock };
};

/** What else its configuration says of a device. */
export const settingsFrom = ({
  panelOrders = 'updater',
  requireManifest = true,
  erasure,
}: DeviceOfSite): Partial<DeviceSettings> => ({
  panelOrders,
  requireManifest,
  ...(erasure === undefined ? {} : { erasure }),
});
