import type { uplink } from '@postern/contracts';
import type { Clock, Logger } from '@postern/core';
import { believePlacement, judgePlacement, type PlacementRecord, type PlacementTrust } from '@postern/pki';
import { type ListPart, routeMistake } from '@postern/soap-rpc';
import type { DeviceStore } from '../devices.ts';
import type { Effect, PassingRequests } from './passing-requests.ts';
import type { BelowStore, DeviceBelow, NodeBelow, PlacementStore } from './ports.ts';

export interface DevicesBelowParts {
  /** This intermediary's name. */
  readonly name: string;
  readonly below: BelowStore;
  readonly placements: PlacementStore;
  readonly devices: Pick<DeviceStore, 'get'>;
  readonly passing: Pick<PassingRequests, 'follow'>;
  /** A device of this site has moved to one below: ends its updates here. */
  readonly onMovedAway: (deviceId: string) => Effect;
  /** Devices of one intermediary below. */
  readonly mostDevices: number;
  /** Absent where no device's word is believed. */
  readonly trust: PlacementTrust | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of a list of devices. */
export interface AcceptedBelow {
  readonly refused: readonly uplink.RefusedDevice[];
  /** To be called once everything is durable. */
  readonly effects: readonly Effect[];
}

/**
 * Takes over what changed below an intermediary below, by the same rules as the server: a name belongs to whoever told
 * of it first until its device says otherwise, and what is wrong is refused by itself. Called inside the transaction of a
 * poll.
 *
 * @spec T2
 */
export const acceptDevicesBelow = (
  parts: DevicesBelowParts,
  child: string,
  changes: uplink.DeviceChanges,
  part: ListPart,
): AcceptedBelow => {
  const { below, placements, passing, mostDevices, onMovedAway, name } = parts;
  const refused: uplink.RefusedDevice[] = [];
  const effects: Effect[] = [];
  let held = below.count(child);
  for (const change of changes.device) {
    const { deviceId } = change.information;
    const path = [child, ...(change.route?.node ?? [])] as const;
    const claim = judge(parts, deviceId, path, change);
    if (below.device(deviceId)?.route[0] === child) part.names.add(deviceId);
    const isFurther = claim.verdict === 'new' || claim.verdict === 'moved';
    const code = isFurther && held >= mostDevices ? 'too-many-devices' : claim.refusal;
    if (code !== undefined) {
      // What somebody does not have is nothing that he could be refused.
      if (change.gone !== true) refused.push({ deviceId, code });
      continue;
    }
    if (isFurther) held += 1;
    below.save(toRecord(path, change));
    part.names.add(deviceId);
    if (claim.word !== undefined) placements.save(deviceId, claim.word);
    if (claim.verdict !== 'moved') continue;
    const [next, ...rest] = path;
    effects.push(passing.follow(deviceId, { child: next, rest }));
    if (claim.from === name) {
      placements.setAway(deviceId, true);
      effects.push(onMovedAway(deviceId));
    }
  }
  if (part.state === 'whole') below.markGone(child, [...part.names]);
  below.saveRevision(child, part.stored);
  refused.push(...acceptNodes(parts, child, changes.intermediaries?.intermediary));
  return { refused, effects };
};

interface Claim {
  readonly verdict: ReturnType<typeof judgePlacement>;
  readonly refusal?: string;
  /** The device's word for where it is now. */
  readonly word?: PlacementRecord;
  /** Who held the name. */
  readonly from?: string | undefined;
}

const judge = (
  { name, below, placements, devices, trust, clock, logger }: DevicesBelowParts,
  deviceId: string,
  path: readonly [string, ...string[]],
  { lastContact, placement: signed, gone }: uplink.DeviceChange,
): Claim => {
  const mistake = routeMistake(name, path);
  if (mistake !== undefined) return { verdict: 'foreign', refusal: mistake };
  if (deviceId === name) return { verdict: 'foreign', refusal: 'device-foreign' };
  const before = placements.find(deviceId);
  const place = path.at(-1) ?? path[0];
  const word = believePlacement({ trust, now: clock.now(), logger }, before, { deviceId, place, signed });
  const held = holderOf({ name, below, placements, devices }, deviceId);
  // What nobody has here cannot go from here.
  if (held === undefined && gone === true) return { verdict: 'foreign', refusal: 'device-unknown' };
  const verdict = judgePlacement(held && { ...held, sequence: before?.sequence }, {
    teller: path[0],
    place,
    sequence: word?.sequence,
    lastContact,
  });
  if (verdict === 'foreign') return { verdict, refusal: 'device-foreign' };
  const isNewer = word !== undefined && word.sequence >= (before?.sequence ?? 0);
  return { verdict, from: held?.teller, ...(isNewer ? { word } : {}) };
};

/** Who has the name: this site itself, or one below. */
const holderOf = (
  { name, below, placements, devices }: Pick<DevicesBelowParts, 'name' | 'below' | 'placements' | 'devices'>,
  deviceId: string,
) => {
  const own = devices.get(deviceId);
  const told = below.device(deviceId);
  if (own !== undefined && !placements.isAway(deviceId) && told?.gone !== false) {
    return { teller: name, place: name, gone: own.released, lastContact: own.lastContact };
  }
  if (told === undefined) return undefined;
  const { route, gone, lastContact } = told;
  return { teller: route[0], place: route.at(-1) ?? route[0], gone, lastContact };
};

const toRecord = (
  route: DeviceBelow['route'],
  { information, active, gone, lastContact }: uplink.DeviceChange,
): DeviceBelow => ({ information, route, active: active ?? true, gone: gone === true, lastContact });

/** Those below the one that calls, and itself: the whole list, each time that it is told. */
const acceptNodes = (
  { name, below, clock }: DevicesBelowParts,
  child: string,
  told: readonly uplink.IntermediaryBelow[] | undefined,
): uplink.RefusedDevice[] => {
  if (told === undefined) return [];
  const refused: uplink.RefusedDevice[] = [];
  const taken: NodeBelow[] = [{ name: child, route: [child], lastContact: clock.now() }];
  for (const { name: node, route, lastContact } of told) {
    const path = [child, ...route.node] as const;
    const mistake = node === route.node.at(-1) ? routeMistake(name, path) : 'route-loop';
    if (mistake === undefined) taken.push({ name: node, route: path, lastContact });
    else refused.push({ deviceId: node, code: mistake });
  }
  below.replaceNodes(child, taken);
  return refused;
};
