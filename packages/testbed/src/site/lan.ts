import type { StepObserver } from '@postern/contracts';
import type { Clock, Entropy, Logger, NodeIdentity } from '@postern/core';
import type { Device, DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import { OperationClient, operationSocket } from '@postern/intermediary/operation';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import { refuse } from '../faults/refusal.ts';
import type { Firewall, LineShape } from '../firewall/index.ts';
import type { Ground, NodePlace } from '../ground/ground.ts';
import type { TamperingRules } from '../tampering/index.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { ForeignListeners } from '../topology/foreign.ts';
import { type CallTaps, tapCalls } from './call-taps.ts';
import { type DeviceTaps, tapDevice } from './device-taps.ts';
import { present } from './present.ts';
import {
  type DeviceChoices,
  type DeviceOfSite,
  deviceIdentity,
  fleetConfig,
  type IntermediaryChoices,
  intermediaryConfig,
  intermediaryIdentity,
  linksOf,
  SERVER,
} from './site-config.ts';
import type { SiteFiles } from './site-files.ts';
import { lanTiers } from './site-tiers.ts';
import type { Tier } from './tier.ts';
import type { FleetReady, IntermediaryReady, LanTiers } from './tier-kinds.ts';

/** What is behind one firewall. */
export interface LanOptions {
  /** The intermediary's name. */
  readonly name: string;
  readonly files: SiteFiles;
  readonly ground: Ground;
  readonly devices: readonly (DeviceOfSite & { readonly rules?: TamperingRules })[];
  /** Each tier as a process of its own (the `postern` command), or all in this one. */
  readonly processes?: boolean | undefined;
  /** Puts taps between the intermediary and each device, both ways, and records what passes them and the firewall. */
  readonly taps?: boolean | undefined;
  readonly intermediary?: IntermediaryChoices | undefined;
  /** Somebody whom the connections to whoever is above pass, beyond the firewall: told where that is. */
  readonly uplinkThrough?: ((above: Endpoint) => Promise<Endpoint>) | undefined;
  /** How slow the line upwards is. Default: as fast as loopback. */
  readonly line?: LineShape | undefined;
  readonly clock: Clock;
  /** What an intermediary in this process tells the time by; `clock` unless given. */
  readonly intermediaryClock?: Clock | undefined;
  /** Of tiers in this process; others take the system's. */
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** What devices without a clock believe the server's time by; asked for where there is such a device. */
  readonly timeKeyFile: () => string;
  /** Who is above; the management server unless given. */
  readonly above?: NodeIdentity | undefined;
  /** Whether intermediaries below may call this one. */
  readonly servesBelow?: boolean | undefined;
  /** The device that has the intermediary built in (T3): both have power together. */
  readonly carrier?: string | undefined;
  readonly onStep?: StepObserver | undefined;
}

/** Ports that an intermediary had, and is to have again. */
interface Ports {
  readonly secure: number;
  readonly notice: number;
  readonly below: number;
}

/**
 * A LAN: firewall, intermediary, devices. Whose uplink contract the intermediary calls is told when the
 * firewall is placed.
 */
export class Lan {
  readonly name: string;
  readonly files: SiteFiles;
  readonly intermediary: Tier<IntermediaryConfigInput, IntermediaryReady>;
  readonly fleet: Tier<DeviceFleetConfigInput, FleetReady>;
  readonly #options: LanOptions;
  readonly #tiers: LanTiers;
  readonly #place: NodePlace;
  readonly #taps = new Map<string, DeviceTaps>();
  readonly #closers: (() => Promise<void>)[] = [];
  #callTaps: CallTaps | undefined;
  #firewall: Firewall | undefined;
  #uplink: Endpoint | undefined;
  #ports: Ports | undefined;
  #operationSocket: string | undefined;
  #endForeign: (() => Promise<void>) | undefined;

  constructor(options: LanOptions) {
    const { name, files, ground, devices, processes = false, carrier, ...ports } = options;
    this.#options = options;
    this.name = name;
    this.files = files;
    this.#place = ground.place(intermediaryIdentity(name));
    const [firstDevice] = devices;
    const fleetPlace = firstDevice && ground.place(deviceIdentity(carrier ?? firstDevice.id));
    const launch = { intermediary: this.#place.launch, devices: fleetPlace?.launch ?? [] };
    const directory = files.processDirectory;
    const place = processes ? { directory, launch } : undefined;
    const tiers = lanTiers(place, ports, carrier);
    this.intermediary = tiers.intermediary;
    this.fleet = tiers.fleet;
    this.#tiers = tiers;
  }

  /** The device that has the intermediary built in, if one has. */
  get carrier(): string | undefined {
    return this.#options.carrier;
  }

  get firewall(): Firewall {
    return present(this.#firewall, 'firewall');
  }

  taps(deviceId: string): DeviceTaps {
    return present(this.#taps.get(deviceId), `tap of ${deviceId}`);
  }

  /** What stands between the devices and the intermediary that they call. */
  get callTaps(): CallTaps {
    return present(this.#callTaps, 'tap of the intermediary');
  }

  /** A device as a test holds it. */
  device(id: string): ControlledDevice {
    return this.#tiers.device(id);
  }

  /** The emulator's own object; only of a LAN that runs in this process. */
  emulated(id: string): Device {
    const fleet = this.#tiers.localFleet ?? refuse(`reach into ${id}`, 'processes');
    return present(fleet.running.devices.get(id), `device ${id}`);
  }

  get deviceIds(): readonly string[] {
    return this.#options.devices.map(({ id }) => id);
  }

  /** Where intermediaries below call. */
  get below(): Endpoint {
    const { below = 0 } = this.#ports ?? {};
    return { host: this.#place.host, port: present(below || undefined, 'port for intermediaries below') };
  }

  /** The operation port of the intermediary. */
  get operations(): OperationClient {
    return new OperationClient(operationSocket(this.files.intermediaryDataDir, this.#operationSocket));
  }

  /**
   * Puts the firewall between the LAN and whoever is above.
   *
   * @returns where the intermediary calls out to
   */
  async placeFirewall(above: Endpoint): Promise<Endpoint> {
    const { ground, clock, logger, line, taps, uplinkThrough } = this.#options;
    const recorded = taps === true;
    const firewall = await ground.placeFirewall(this.name, { clock, logger, recorded, ...line });
    this.#firewall = firewall;
    this.#closers.push(() => firewall.close());
    this.#uplink = await firewall.openOutbound((await uplinkThrough?.(above)) ?? above);
    return this.#uplink;
  }

  /** Starts the intermediary, again on the ports it had. The first time taps are placed, where there are any. */
  async startIntermediary(choices: IntermediaryChoices = this.#options.intermediary ?? {}): Promise<void> {
    const uplink = present(this.#uplink, 'firewall');
    const { operation } = choices;
    this.#operationSocket = typeof operation === 'object' ? operation.socket : undefined;
    const { above = SERVER, servesBelow = false, devices } = this.#options;
    const ports = this.#ports ?? { secure: 0, notice: 0, below: 0 };
    const { host } = this.#place;
    const config = intermediaryConfig(
      this.files,
      this.name,
      { ...uplink, above },
      { host, ...ports },
      {
        ...choices,
        ...(servesBelow ? { below: { host, port: ports.below } } : {}),
        devices: linksOf(this.files, devices, choices.devices),
      },
    );
    const { securePort, noticePort, belowPort } = await this.intermediary.start(config);
    this.#ports = { secure: securePort, notice: noticePort, below: belowPort ?? 0 };
    if (this.#options.taps === true && this.#callTaps === undefined) await this.#placeTaps(this.#ports);
  }

  /** The intermediary is somebody else's, and listens there. */
  async takeForeignIntermediary(foreign: ForeignListeners): Promise<void> {
    const { securePort, noticePort, belowPort = 0, close } = foreign;
    this.#endForeign = close;
    this.#ports = { secure: securePort, notice: noticePort, below: belowPort };
    if (this.#options.taps === true && this.#callTaps === undefined) await this.#placeTaps(this.#ports);
  }

  /** Where devices call: taps, where there are any. */
  get calls(): { readonly secure: Endpoint; readonly notice: Endpoint } {
    const { secure, notice } = present(this.#ports, 'intermediary');
    const { host } = this.#place;
    return this.#callTaps ?? { secure: { host, port: secure }, notice: { host, port: notice } };
  }

  /** Starts the devices, with other settings where `changes` names them. */
  async startFleet(changes: Readonly<Record<string, Partial<DeviceChoices>>> = {}): Promise<void> {
    const intermediary = { name: this.name, ...this.calls };
    const devices = this.#options.devices.map(({ rules: _, link: __, ...device }) => ({
      ...device,
      ...this.#taps.get(device.id)?.addresses,
      ...changes[device.id],
    }));
    const timeKeys = devices.some(({ clock }) => clock === 'none') ? [this.#options.timeKeyFile()] : [];
    const hostOf = (id: string): string => this.#options.ground.place(deviceIdentity(id)).host;
    const config = fleetConfig(this.files, intermediary, devices, timeKeys, hostOf);
    const { devices: started } = await this.fleet.start(config);
    for (const { id, ports } of started) this.#taps.get(id)?.leadTo(ports);
  }

  async #placeTaps(ports: Ports): Promise<void> {
    const { clock, logger, devices } = this.#options;
    const calls = await tapCalls(clock, logger, ports);
    this.#callTaps = calls;
    this.#closers.push(() => calls.close());
    for (const device of devices) {
      const taps = await tapDevice(clock, logger, device, device.rules);
      this.#taps.set(device.id, taps);
      this.#closers.push(() => taps.close());
    }
  }

  /** Ends the devices, then the intermediary; both can be started again, unless they are foreign. */
  async stopTiers(): Promise<void> {
    await this.fleet.stop();
    await this.intermediary.stop();
    const end = this.#endForeign;
    this.#endForeign = undefined;
    await end?.();
  }

  /** Takes firewall and taps away; the tiers are stopped before. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}
