import { silentLogger, sleep, systemClock, systemEntropy } from '@postern/core';
import type { Device, DeviceFaults } from '@postern/device-emulator';
import type { ControlledDevice } from '../devices/controlled-device.ts';
import type { Faults } from '../faults/faults.ts';
import { realFaults } from '../faults/real-faults.ts';
import { type ShiftedClock, shiftedClock } from '../faults/shifted-clock.ts';
import { type Ground, loopbackGround } from '../ground/ground.ts';
import type { Lan } from '../site/lan.ts';
import type { Operator } from '../site/operator.ts';
import { present } from '../site/present.ts';
import { deviceIdentity, SERVER } from '../site/site-config.ts';
import { type SiteFiles, siteFiles } from '../site/site-files.ts';
import { StepLog } from '../steps/step-log.ts';
import { callUrls, type ForeignDevice, foreignIdentity } from './foreign.ts';
import { makeLans } from './make-lans.ts';
import { aboveIn, nodesOf, type PlacedLan, placed, requireOurs } from './plan.ts';
import type { RealTopologyOptions } from './real-options.ts';
import { ServerPart } from './server-part.ts';
import { startParts } from './start-parts.ts';
import type { RunKind, Topology, TopologyTime } from './topology.ts';

/**
 * A management server and any number of sites, each behind a firewall of its own: Fig 1 A, B and C, with real sockets.
 *
 * @spec T1 T2 T3
 */
export class RealTopology implements Topology {
  readonly run: Exclude<RunKind, 'virtual'>;
  readonly files: SiteFiles;
  readonly steps: StepLog;
  readonly faults: Faults;
  readonly time: TopologyTime;
  /** The network it stands on. A test starts programs of its own there with the `launch` of a node's place. */
  readonly ground: Ground;
  readonly #options: RealTopologyOptions;
  readonly #server: ServerPart;
  readonly #placed: readonly PlacedLan[];
  readonly #lans: ReadonlyMap<string, Lan>;
  readonly #ending = new AbortController();
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** @throws PosternError `plan-invalid` */
  constructor(options: RealTopologyOptions) {
    const { clock = systemClock, entropy = systemEntropy, logger = silentLogger, patience } = options;
    this.#options = options;
    this.run = options.run;
    this.ground = options.ground ?? loopbackGround();
    this.#placed = placed(options.sites);
    nodesOf(this.#placed);
    this.files = siteFiles(options.directory, options.vendorKeys, options.revocations);
    const neighbours = { above: aboveIn(this.#placed) };
    this.steps = new StepLog({ clock, neighbours, ...(patience === undefined ? {} : { patience }) });
    this.time = { advance: (duration) => sleep(clock, duration) };
    const ports = { clock, entropy, logger, onStep: this.steps.observe };
    const clocks = clocksOf(options, this.#placed);
    this.#server = new ServerPart({
      files: this.files,
      place: this.ground.place(SERVER),
      processes: this.run !== 'in-process',
      choices: options.server,
      ports: { ...ports, clock: clocks.get(SERVER.name) ?? clock },
      operatorClock: clock,
      story: () => this.steps.print(),
      patience,
    });
    this.#lans = makeLans(this.#placed, {
      files: this.files,
      ground: this.ground,
      ports,
      clocks,
      processes: this.run !== 'in-process',
      taps: options.taps,
      timeKeyFile: () => this.server.ready.timeKeyFile,
    });
    this.faults = realFaults({ topology: this, clocks, startedWith: (id) => this.#startedWith(id) });
  }

  #startedWith(id: string): DeviceFaults {
    const devices = this.#placed.flatMap(({ plan }) => plan.devices ?? []);
    return devices.find((device) => device.id === id)?.faults ?? {};
  }

  /** @throws PosternError `not-ours` where the server is foreign */
  get server(): ServerPart['tier'] {
    return this.#server.tier;
  }

  /** @throws PosternError `not-ours` where the server is foreign: there is nobody to order at it then */
  get operator(): Operator {
    return this.#server.operator;
  }

  /** The LAN of the intermediary of this name. */
  lan(name: string): Lan {
    return present(this.#lans.get(name), `LAN ${name}`);
  }

  /** @throws PosternError `not-ours` for a foreign one */
  intermediary(lan: string): Lan['intermediary'] {
    requireOurs(this.#placed, lan);
    return this.lan(lan).intermediary;
  }

  /** @throws PosternError `tier-not-started` where there is no such device, `not-ours` for a foreign one */
  device(id: string): ControlledDevice {
    return this.#homeOf(id).device(id);
  }

  /** The emulator's own object; only of tiers in this process. */
  emulated(id: string): Device {
    return this.#homeOf(id).emulated(id);
  }

  /** The LAN of a device that is ours. */
  #homeOf(id: string): Lan {
    requireOurs(this.#placed, id);
    return this.lanOf(id);
  }

  /** The LAN that a device is on. */
  lanOf(deviceId: string): Lan {
    const home = this.#placed.find(
      ({ plan: { devices = [], foreignDevices = [] } }) =>
        devices.some(({ id }) => id === deviceId) || foreignDevices.includes(deviceId),
    );
    return this.lan(present(home, `device ${deviceId}`).plan.name);
  }

  get serverName(): string {
    return SERVER.name;
  }

  /** Whether somebody can stand between intermediaries and devices. */
  get hasTaps(): boolean {
    return this.#options.taps === true;
  }

  /** What a device that is not ours is started with. */
  foreign(deviceId: string): ForeignDevice {
    const lan = this.lanOf(deviceId);
    const { secure, notice } = lan.calls;
    return {
      ...foreignIdentity(this.files, deviceIdentity(deviceId), this.ground),
      intermediary: { name: lan.name, ...callUrls(secure, notice) },
    };
  }

  /** Every device of every LAN that is ours. */
  get deviceIds(): readonly string[] {
    return this.#placed.flatMap(({ plan }) => (plan.devices ?? []).map(({ id }) => id));
  }

  /** Starts everything from the server down. What was started is closed again when a part fails. */
  async start(): Promise<this> {
    try {
      const { clock = systemClock, foreignServer, onStarted } = this.#options;
      const parts = { clock, files: this.files, ground: this.ground, foreignServer, onStarted };
      this.#starting = startParts(
        { ...parts, placed: this.#placed, lans: this.#lans, server: this.#server },
        this.#ending.signal,
      );
      await this.#starting;
      return this;
    } catch (error) {
      // The reason of the start is worth more than what went wrong on the way out.
      await this.close().catch(() => {});
      throw error;
    }
  }

  /** Starts the server, again on the ports it had. */
  startServer(): Promise<void> {
    return this.#server.start();
  }

  /**
   * Ends everything, from the devices up; a start under way goes no further. Idempotent.
   *
   * @throws the first failure to end something, when all the rest has ended
   */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    this.#ending.abort();
    const lans = [...this.#lans.values()].reverse();
    const stopTiers = [...lans.map((lan) => () => lan.stopTiers()), () => this.#server.stop()];
    await everyOne([
      ...stopTiers,
      async () => await this.#starting?.catch(() => {}),
      // A tier that was about to start when its turn to be stopped was over.
      ...stopTiers,
      ...lans.map((lan) => () => lan.close()),
      () => this.#server.close(),
      () => this.ground.close(),
      async () => await this.#options.onClosed?.(),
    ]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Does one after the other, also where one fails. @throws the first failure */
const everyOne = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/** Tiers in this process can be set to another time of day. */
const clocksOf = (
  { run, clock = systemClock, clocks }: RealTopologyOptions,
  lans: readonly PlacedLan[],
): ReadonlyMap<string, ShiftedClock> => {
  if (run !== 'in-process') return new Map();
  const names = [SERVER.name, ...lans.map(({ plan }) => plan.name)];
  return new Map(names.map((name) => [name, shiftedClock(clocks?.[name] ?? clock)]));
};
