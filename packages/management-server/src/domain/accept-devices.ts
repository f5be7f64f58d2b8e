import type { uplink } from '@postern/contracts';
import type { Acceptance } from './accept-answers.ts';
import type { AuditRecord, DeviceRecord } from './records.ts';

/**
 * Takes over what changed below the intermediary. A name belongs to the intermediary that registered it first; an
 * entry that breaks this, or the limit, is refused by itself and the rest is taken: one wrong device must not keep a
 * whole site from its updates. The name of another intermediary belongs to that one, which may report itself as a device
 * (U21).
 *
 * @returns what was refused, for the audit log
 */
export const acceptDevices = (
  acceptance: Acceptance,
  changes: uplink.DeviceChanges,
  mostDevices: number,
): AuditRecord[] => {
  const { stores, intermediary, now } = acceptance;
  const refused: AuditRecord[] = [];
  const refuse = (code: AuditRecord['code'], subject: string) =>
    refused.push({ at: now, code, caller: intermediary, subject });
  const others = new Set(stores.sites.all().map((site) => site.intermediary));
  others.delete(intermediary);
  let held = stores.devices.count(intermediary);
  for (const change of changes.device) {
    const name = change.information.deviceId;
    const present = stores.devices.find(name);
    const foreign = present !== undefined && present.intermediary !== intermediary;
    if (foreign || (present === undefined && others.has(name))) refuse('device-foreign', name);
    else if (present === undefined && held >= mostDevices) refuse('too-many-devices', name);
    else {
      if (present === undefined) held += 1;
      stores.devices.save(toRecord(acceptance, change));
    }
  }
  if (changes.complete) {
    const names = changes.device.map(({ information }) => information.deviceId);
    stores.devices.markAbsent(intermediary, names, now);
  }
  stores.sites.saveRevision(intermediary, changes.revision);
  return refused;
};

const toRecord = ({ intermediary, now }: Acceptance, change: uplink.DeviceChange): DeviceRecord => ({
  information: change.information,
  intermediary,
  route: change.route?.node ?? [],
  active: change.active,
  present: true,
  lastContact: change.lastContact,
  changedAt: now,
});
