import type { uplink } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { believePlacement, judgePlacement, type PlacementRecord, type PlacementTrust } from '@postern/pki';
import { type ListPart, routeMistake } from '@postern/soap-rpc';
import type { Acceptance } from './accept-answers.ts';
import { followDevice } from './device-moves.ts';
import type { AuditRecord, DeviceRecord } from './records.ts';

/** What the list of devices is held to. */
export interface DeviceRules {
  readonly mostDevices: number;
  /** Whose certificates make a device's word on where it is count; absent where none does. */
  readonly placementTrust: PlacementTrust | undefined;
  readonly logger: Logger;
}

/** What became of a list of devices. */
export interface AcceptedDevices {
  /** For the audit log. */
  readonly refused: readonly AuditRecord[];
  /** For whoever told of them. */
  readonly refusedDevices: readonly uplink.RefusedDevice[];
  /** Intermediaries that devices have moved away from. */
  readonly movedFrom: ReadonlySet<string>;
}

/**
 * Takes over what changed below the intermediary. A name belongs to the intermediary that registered it first, until the
 * device itself says otherwise ({@link judgePlacement}); an entry that breaks this, runs in a circle, or is beyond the
 * limit is refused by itself and the rest is taken: one wrong device must not keep a whole site from its updates. The
 * name of another intermediary belongs to that one, which may report itself as a device (U21).
 *
 * @spec T2
 */
export const acceptDevices = (
  acceptance: Acceptance,
  changes: uplink.DeviceChanges,
  part: ListPart,
  rules: DeviceRules,
): AcceptedDevices => {
  const { stores, intermediary, now } = acceptance;
  const refused: AuditRecord[] = [];
  const movedFrom = new Set<string>();
  const others = new Set(stores.sites.all().map((site) => site.intermediary));
  others.delete(intermediary);
  let held = stores.devices.count(intermediary);
  for (const change of changes.device) {
    const name = change.information.deviceId;
    const present = stores.devices.find(name);
    const claim = judge(acceptance, change, present, others, rules);
    if (present?.intermediary === intermediary) part.names.add(name);
    const isFurther = claim.verdict === 'new' || claim.verdict === 'moved';
    const code = isFurther && held >= rules.mostDevices ? 'too-many-devices' : claim.refusal;
    if (code !== undefined) {
      // What somebody does not have is nothing that he could be refused.
      if (change.gone === true) continue;
      refused.push({ at: now, code, caller: intermediary, subject: name });
      continue;
    }
    if (isFurther) held += 1;
    const record = toRecord(acceptance, change);
    stores.devices.save(record);
    part.names.add(name);
    if (claim.word !== undefined) stores.placements.save(name, claim.word);
    if (claim.verdict === 'moved' && present !== undefined) {
      followDevice(acceptance, record, present.intermediary);
      movedFrom.add(present.intermediary);
    }
  }
  if (part.state === 'whole') stores.devices.markAbsent(intermediary, [...part.names], now);
  stores.sites.saveRevision(intermediary, part.stored);
  const refusedDevices = refused.map(({ code, subject }) => ({ deviceId: subject, code }));
  if (changes.intermediaries !== undefined) {
    refused.push(...acceptIntermediaries(acceptance, changes.intermediaries.intermediary));
  }
  return { refused, refusedDevices, movedFrom };
};

interface Claim {
  readonly verdict: ReturnType<typeof judgePlacement>;
  readonly refusal?: AuditRecord['code'];
  /** The device's word for where it is now. */
  readonly word?: PlacementRecord;
}

const judge = (
  { stores, intermediary, now }: Acceptance,
  { information, route, lastContact, placement }: uplink.DeviceChange,
  present: DeviceRecord | undefined,
  others: ReadonlySet<string>,
  { placementTrust: trust, logger }: DeviceRules,
): Claim => {
  const { deviceId } = information;
  const path = [intermediary, ...(route?.node ?? [])];
  const mistake = routeMistake(undefined, path);
  if (mistake !== undefined) return { verdict: 'foreign', refusal: mistake };
  if (present === undefined && others.has(deviceId)) return { verdict: 'foreign', refusal: 'device-foreign' };
  const place = path.at(-1) ?? intermediary;
  const before = stores.placements.find(deviceId);
  const told = { deviceId, place, signed: placement };
  const word = believePlacement({ trust, now, logger }, before, told);
  const verdict = judgePlacement(present && placeOf(present, before?.sequence), {
    teller: intermediary,
    place,
    sequence: word?.sequence,
    lastContact,
  });
  if (verdict === 'foreign') return { verdict, refusal: 'device-foreign' };
  // An older word is nothing to hold against a later claim.
  return word !== undefined && word.sequence >= (before?.sequence ?? 0) ? { verdict, word } : { verdict };
};

const placeOf = (
  { intermediary, route, present, lastContact }: DeviceRecord,
  sequence: number | undefined,
) => ({
  teller: intermediary,
  place: route.at(-1) ?? intermediary,
  sequence,
  lastContact,
  gone: !present,
});

const toRecord = ({ intermediary, now }: Acceptance, change: uplink.DeviceChange): DeviceRecord => ({
  information: change.information,
  intermediary,
  route: change.route?.node ?? [],
  active: change.active,
  present: change.gone !== true,
  lastContact: change.lastContact,
  changedAt: now,
});

/** The whole list of those below, each time. What runs in a circle is left out of it. */
const acceptIntermediaries = (
  { stores, intermediary, now }: Acceptance,
  told: readonly uplink.IntermediaryBelow[],
): AuditRecord[] => {
  const judged = told.map(({ name, route, lastContact }) => ({
    record: { name, route: route.node, lastContact },
    mistake:
      route.node.at(-1) === name ? routeMistake(undefined, [intermediary, ...route.node]) : 'route-loop',
  }));
  const taken = judged.filter(({ mistake }) => mistake === undefined).map(({ record }) => record);
  stores.sitesBelow.replace(intermediary, taken);
  return judged.flatMap(({ record, mistake }) =>
    mistake === undefined
      ? []
      : [{ at: now, code: mistake, caller: intermediary, subject: record.name } as const],
  );
};
