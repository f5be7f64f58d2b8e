import type { uplink } from '@postern/contracts';
import type { Check } from '../check.ts';
import { failed } from '../verdicts.ts';
import { playedDevice } from './devices.ts';
import { supplyOf } from './notices.ts';
import type { PlayedIntermediary } from './played-intermediary.ts';
import type { UplinkTarget } from './uplink-target.ts';

/** The list of devices: how it is told, and who may name whom. */
export const deviceListChecks: readonly Check<UplinkTarget>[] = [
  {
    id: 'devices-told',
    title: 'a list of devices is taken, and the answer says which revision is held',
    section: 'DeviceChanges, PollResponse',
    level: 'required',
    run: async ({ site }, signal) => {
      const names = [site.newId(), site.newId()];
      const list = names.map((name) => playedDevice(name));
      await site.withDevices(list, signal, async () => {
        const revision = site.nextRevision();
        const answer = await site.poll({ devices: { revision, complete: true, device: list } }, { signal });
        requireTaken(answer, revision);
      });
    },
  },
  {
    id: 'devices-parts',
    title: 'a list that comes in parts is taken as one',
    section: 'DeviceChanges, more',
    level: 'required',
    run: async ({ site, clock }, signal) => {
      const [first, second] = [site.newId(), site.newId()];
      await site.withDevices([], signal, async () => {
        await tell(site, { complete: true, more: true, device: [playedDevice(first)] }, signal);
        const since = await revisionHeld(site, signal);
        await tell(site, { complete: false, since, device: [playedDevice(second)] }, signal);
        for (const deviceId of [first, second]) {
          await site.deliver({ deviceId, body: supplyOf(site.newId(), clock) }, signal);
        }
      });
    },
  },
  {
    id: 'devices-changes',
    title: 'what has changed since the revision that is held is taken',
    section: 'DeviceChanges, since',
    level: 'required',
    run: async ({ site, clock }, signal) => {
      const [before, later] = [site.newId(), site.newId()];
      await site.withDevices([playedDevice(before)], signal, async () => {
        const since = await revisionHeld(site, signal);
        await tell(site, { complete: false, since, device: [playedDevice(later)] }, signal);
        for (const deviceId of [before, later]) {
          await site.deliver({ deviceId, body: supplyOf(site.newId(), clock) }, signal);
        }
      });
    },
  },
  {
    id: 'devices-gap',
    title: 'changes that follow a revision which is not held are not taken',
    section: 'DeviceChanges, since',
    level: 'recommended',
    run: async ({ site }, signal) => {
      await site.withDevices([playedDevice(site.newId())], signal, async () => {
        const held = await revisionHeld(site, signal);
        site.nextRevision();
        const since = site.nextRevision();
        const revision = site.nextRevision();
        const device = [playedDevice(site.newId())];
        const answer = await site.poll({ devices: { revision, complete: false, since, device } }, { signal });
        if (answer.devicesRevision === held) return;
        throw failed(
          `Revision ${held} was held and changes since ${since} came; then devicesRevision was ${answer.devicesRevision}`,
          'Answer the revision that you hold: the intermediary tells what is missing.',
        );
      });
    },
  },
  {
    id: 'device-loop',
    title: 'a device whose route runs in a circle is refused by itself, the rest of the list is taken',
    section: 'RefusedDevices, route-loop, T2',
    level: 'recommended',
    run: async ({ site, clock }, signal) => {
      const [circling, good] = [site.newId(), site.newId()];
      const list = [playedDevice(circling, { route: { node: [site.name] } }), playedDevice(good)];
      await site.withDevices(list, signal, async (told) => {
        requireRefused(told, circling, 'route-loop');
        await site.deliver({ deviceId: good, body: supplyOf(site.newId(), clock) }, signal);
      });
    },
  },
  {
    id: 'device-foreign',
    title: "another intermediary's device is refused by itself, the rest of the list is taken",
    section: 'RefusedDevices, device-foreign',
    level: 'required',
    run: async (target, signal) => {
      const { site, clock } = target;
      const other = target.other();
      const [ours, theirs] = [site.newId(), site.newId()];
      await site.withDevices([playedDevice(ours)], signal, async () => {
        await other.withDevices([playedDevice(ours), playedDevice(theirs)], signal, async (told) => {
          requireRefused(told, ours, 'device-foreign');
          await other.deliver({ deviceId: theirs, body: supplyOf(other.newId(), clock) }, signal);
        });
        await site.deliver({ deviceId: ours, body: supplyOf(site.newId(), clock) }, signal);
      });
    },
  },
];

const tell = async (
  site: PlayedIntermediary,
  part: Omit<uplink.DeviceChanges, 'revision'>,
  signal: AbortSignal,
): Promise<void> => {
  const revision = site.nextRevision();
  requireTaken(await site.poll({ devices: { revision, ...part } }, { signal }), revision);
};

const HOLD_IT = 'Answer in devicesRevision which revision of the list you hold, with every poll.';

const revisionHeld = async (site: PlayedIntermediary, signal: AbortSignal): Promise<number> => {
  const { devicesRevision } = await site.poll({}, { signal });
  if (devicesRevision === undefined) throw failed('The answer has no devicesRevision', HOLD_IT);
  return devicesRevision;
};

const requireTaken = ({ devicesRevision, refusedDevices }: uplink.PollResponse, revision: number): void => {
  const [refused] = refusedDevices?.device ?? [];
  if (refused !== undefined) {
    throw failed(
      `${refused.deviceId} was refused with ${refused.code}`,
      'Take the devices of an intermediary under names that nobody else has.',
    );
  }
  if (devicesRevision === revision) return;
  throw failed(`Revision ${revision} was told; the answer says ${devicesRevision}`, HOLD_IT);
};

const requireRefused = (
  { refusedDevices }: uplink.PollResponse,
  deviceId: string,
  code: 'device-foreign' | 'route-loop',
): void => {
  const list = refusedDevices?.device ?? [];
  const [entry] = list.filter((one) => one.deviceId === deviceId);
  if (list.length === 1 && entry?.code === code) return;
  const found = list.map((one) => `${one.deviceId}: ${one.code}`).join(', ') || 'nothing';
  throw failed(
    `refusedDevices has ${found}; ${code} was wanted for that device alone`,
    'Name each device that you do not take in refusedDevices, and take the others.',
  );
};
