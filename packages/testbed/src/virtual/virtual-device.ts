import { createHash } from 'node:crypto';
import type { StepObserver } from '@postern/contracts';
import { type Clock, Milliseconds, Seconds } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import type { DeviceFaults } from '@postern/device-emulator';
import { createPanel, OperationControl, profileNamed } from '@postern/device-emulator/compose';
import type { Party, PasswordList } from '@postern/software-update';
import type { Image } from '@postern/software-update/testing';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import { refuse } from '../faults/refusal.ts';
import { deviceCopy } from '../simulation/device-copy.ts';
import { DeviceNode } from '../simulation/device-node.ts';
import type { SimulatedNode } from '../simulation/node.ts';
import type { SiteDoor } from '../simulation/site-node.ts';
import type { World } from '../simulation/world.ts';
import type { DeviceOfSite } from '../site/site-config.ts';
import { devicePlanOf, settingsFrom } from './virtual-link.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface VirtualDeviceOptions {
  readonly world: World;
  readonly device: DeviceOfSite;
  readonly siteName: string;
  readonly site: () => SiteDoor | undefined;
  readonly onStep: StepObserver;
  readonly time: VirtualTime;
  readonly passwordList: PasswordList | undefined;
  /** The intermediary that is built into it, if one is: both have power together. */
  readonly carried: SimulatedNode | undefined;
}

/** Faults that a device in memory can have. */
const POSSIBLE: ReadonlySet<string> = new Set(['crashAtBootOf', 'storageBytes', 'clockOffset']);
/** What a plan may say of a device here. `engineStartUp` and the like are as in every simulation. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['id', 'profile', 'model', 'firmware', 'apps', 'faults'],
  ...[
    'secureLink',
    'bulkPathKind',
    'plain',
    'clock',
    'passwords',
    'panelOrders',
    'requireManifest',
    'erasure',
  ],
  // Its intermediary is told.
  'link',
]);
/** From power to a program that listens, at most. */
const START_LIMIT = Seconds(120);

/** A device on the virtual clock, with its power switch and its panel. */
export class VirtualDevice implements ControlledDevice {
  readonly node: DeviceNode;
  readonly id: string;
  readonly #time: VirtualTime;
  readonly #operation: OperationControl;
  readonly #lines: string[] = [];
  readonly #capacity: number;
  readonly #panelOrders: Party;
  readonly #carried: SimulatedNode | undefined;
  #faults: DeviceFaults = {};

  constructor({ world, device, siteName, site, onStep, time, passwordList, carried }: VirtualDeviceOptions) {
    const unknown = Object.keys(device).find((key) => !KNOWN.has(key));
    if (unknown !== undefined) refuse(`${unknown} of device ${device.id}`, 'virtual');
    this.id = device.id;
    this.#panelOrders = device.panelOrders ?? 'updater';
    this.#carried = carried;
    this.#time = time;
    const panel = createPanel((line) => this.#lines.push(line));
    const profile = profileNamed(device.profile ?? 'mfp');
    const images = imagesOf(device, profile.components);
    this.node = new DeviceNode(world, {
      plan: devicePlanOf(device),
      settings: settingsFrom(device),
      passwordList: deviceCopy(passwordList),
      site,
      siteName,
      onBoot: () => {},
      onConfirmed: () => {},
      made: { profile: profile.name, model: device.model ?? profile.model, images },
      crashing: () => this.#faults.crashAtBootOf ?? [],
      panel,
      onStep,
    });
    this.#operation = new OperationControl({
      deviceId: device.id,
      panel,
      clock: lifelong(world.clock),
      entropy: seededEntropy(`panel of ${device.id}`),
      onStep,
      behind: () => {
        const { firmware, engine, system } = this.node.door ?? {};
        if (firmware === undefined || engine === undefined || system === undefined) return undefined;
        return { engine, system, orderUpdate: firmware.orderUpdate, placeCall: firmware.placeCall };
      },
      onResult: () => {},
    });
    this.#capacity = this.node.slots.capacity;
    this.#take(device.faults ?? {});
  }

  get versions(): Readonly<Record<string, string>> {
    return this.node.door?.target.versions ?? {};
  }

  get panel(): readonly string[] {
    return this.#lines;
  }

  async powerOff(): Promise<void> {
    this.node.node.down();
    this.#carried?.down();
  }

  async powerOn(): Promise<void> {
    this.#carried?.up();
    this.node.node.up();
    const end = this.#time.clock.monotonic() + START_LIMIT;
    while (this.node.door === undefined && this.#time.clock.monotonic() < end) {
      await this.#time.advance(Seconds(1));
    }
  }

  async setFaults(faults: DeviceFaults): Promise<void> {
    this.#take(faults);
  }

  callService({ reason = '' }: { readonly reason?: string } = {}) {
    return this.#time.during(this.#operation.callService(reason));
  }

  orderUpdate() {
    return this.#time.during(this.#operation.orderUpdate(this.#panelOrders));
  }

  #take(faults: DeviceFaults): void {
    const other = Object.keys(faults).find((name) => !POSSIBLE.has(name));
    if (other !== undefined) refuse(`the fault ${other}`, 'virtual');
    this.#faults = faults;
    this.node.slots.capacity = faults.storageBytes ?? this.#capacity;
    this.node.node.shiftClock(faults.clockOffset ?? Milliseconds(0));
  }
}

/** In whole milliseconds, as a process has it. */
const lifelong = (clock: Clock): Clock => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  schedule: (delay, callback) => clock.schedule(Milliseconds(Math.ceil(delay)), callback),
});

/** What the device leaves the factory with: the firmware, and all other components as it is unless the plan has others. */
const imagesOf = ({ firmware, apps }: DeviceOfSite, components: readonly string[]): readonly Image[] => {
  const others = components.filter((component) => component !== 'firmware');
  const all = [{ name: 'firmware', ...firmware }, ...(apps ?? others.map((name) => ({ ...firmware, name })))];
  return all.map(({ name, version, releaseCounter, content }) => {
    if (!(content instanceof Uint8Array)) return refuse(`software of ${name} in a file`, 'virtual');
    const sha256 = createHash('sha256').update(content).digest('hex');
    return {
      component: { name, version, releaseCounter, length: content.length, sha256 },
      bytes: content,
    };
  });
};
