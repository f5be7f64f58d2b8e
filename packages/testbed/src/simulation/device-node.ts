import type { StepObserver } from '@postern/contracts';
import { Milliseconds, Seconds } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import {
  announce,
  type ComposedFirmware,
  composeFirmware,
  contentsInMemory,
  createDeviceLog,
  createPanel,
  type DeviceSettings,
  datelessClock,
  EngineControl,
  type NvRamContent,
  type Panel,
  profileNamed,
  SystemControl,
} from '@postern/device-emulator/compose';
import {
  type BootedTarget,
  type BulkService,
  bootTarget,
  confirmStart,
  makeNonce,
  type PasswordListEntries,
  type TargetPorts,
  UpdateTarget,
} from '@postern/software-update';
import { InMemorySlots } from '@postern/software-update/testing';
import { type DeviceCalls, firmwareLink, postStartNotice } from './device-calls.ts';
import { hostKeyOf, informationOf, type Manufacture, SIMULATED_MFP, settingsOf } from './device-settings.ts';
import type { Life } from './life.ts';
import type { Door } from './network.ts';
import { SimulatedNode } from './node.ts';
import { NvRam } from './nv-ram.ts';
import type { DevicePlan } from './schedule.ts';
import type { SiteDoor } from './site-node.ts';
import { TIME_KEYS, VENDOR_TRUST } from './software.ts';
import { SITE, type World } from './world.ts';

/** From a restart until the program runs. */
const BOOT_TIME = Seconds(20);

/** From power to an engine that works. */
const ENGINE_START_UP = Seconds(10);

/** A device in one of its lives, once its program runs. */
export interface DeviceDoor extends Door {
  readonly booted: BootedTarget;
  readonly target: UpdateTarget;
  readonly bulk: BulkService;
  /** What an encrypted bulk path proves to have. */
  readonly hostKey: string;
  /** Absent from the updater program. */
  readonly firmware?: ComposedFirmware;
  readonly engine?: EngineControl;
  readonly system?: SystemControl;
}

export interface DeviceOptions {
  readonly plan: DevicePlan;
  readonly passwordList: PasswordListEntries | undefined;
  readonly site: () => SiteDoor | undefined;
  /** The one site of most simulations unless given. */
  readonly siteName?: string;
  /** Something has been started from these contents; firmware that crashes at once has not. */
  readonly onBoot: (device: DeviceNode, booted: BootedTarget) => void;
  readonly onConfirmed: (device: DeviceNode, booted: BootedTarget) => void;
  /** {@link SIMULATED_MFP} unless given. */
  readonly made?: Manufacture;
  /** Versions that crash while they start, beside those of the plan. */
  readonly crashing?: () => readonly string[];
  /** How it is made otherwise than its plan says. */
  readonly settings?: Partial<DeviceSettings>;
  readonly panel?: Panel;
  readonly onStep?: StepObserver;
}

/** The hardware and software that a life of a device starts with, before it is known which program runs. */
interface Powered {
  readonly life: Life;
  readonly own: Life['clock'];
  readonly entropy: ReturnType<typeof seededEntropy>;
  readonly system: SystemControl;
  readonly engine: EngineControl;
  readonly freshnessNonce: string | undefined;
}

/** The real update target and firmware in a device whose NV-RAM, flash memory and power are held in memory. */
export class DeviceNode {
  readonly node: SimulatedNode;
  readonly plan: DevicePlan;
  readonly slots: InMemorySlots;
  readonly #world: World;
  readonly #options: DeviceOptions;
  readonly #siteName: string;
  readonly #made: Manufacture;
  readonly #nvRam = new NvRam();
  #door: DeviceDoor | undefined;
  #running: UpdateTarget | undefined;

  constructor(world: World, options: DeviceOptions) {
    this.#world = world;
    this.#options = options;
    this.#siteName = options.siteName ?? SITE;
    this.plan = options.plan;
    this.#made = options.made ?? SIMULATED_MFP;
    this.slots = new InMemorySlots(this.#made.images);
    this.node = new SimulatedNode(world, 'device', options.plan.id, (life) => this.#boot(life));
  }

  get id(): string {
    return this.plan.id;
  }

  /** None while it is off or starting. */
  get door(): DeviceDoor | undefined {
    return this.#door?.life.alive === true ? this.#door : undefined;
  }

  /** What NV-RAM holds. */
  get content(): NvRamContent {
    return this.#nvRam.content;
  }

  /** The numbers of the abnormalities that were ever raised with this code. */
  raised(code: string): readonly string[] {
    return this.#nvRam.raised(code);
  }

  async #boot(life: Life): Promise<void> {
    this.#running?.stop();
    const powered = this.#power(life);
    const ports = this.#targetPorts(powered);
    const booted = await bootTarget(ports);
    this.#options.onBoot(this, booted);
    if (booted.program === 'firmware' && this.#crashes(booted)) return this.node.restart(BOOT_TIME);
    const confirmed = await confirmStart(ports, booted);
    this.#options.onConfirmed(this, confirmed);
    const target = new UpdateTarget(ports, confirmed);
    this.#running = target;
    const off = new AbortController();
    void life.ended.then(() => {
      off.abort();
      target.stop();
      powered.engine.stop();
    });
    this.#door = this.#run(powered, confirmed, target, off.signal);
    this.#world.tell(`${this.id} runs ${JSON.stringify(target.versions)} (${confirmed.program})`);
    this.#world.clock.schedule(Milliseconds(0), () => target.resume());
  }

  #power(life: Life): Powered {
    const { schedule, logger } = this.#world;
    const entropy = seededEntropy(`${schedule.seed} ${this.id} ${this.node.starts}`);
    const dateless = this.plan.clock === 'none';
    const own = dateless ? datelessClock(life.clock) : life.clock;
    const freshnessNonce = dateless ? makeNonce(entropy) : undefined;
    const system = new SystemControl({
      deviceId: this.id,
      profile: profileNamed(this.#made.profile),
      onStep: this.#options.onStep,
      nvRam: this.#nvRam.seenBy(life),
      clock: own,
      entropy,
      logger,
    });
    const engine = new EngineControl({
      clock: own,
      times: { startUp: ENGINE_START_UP, savesEnergyAfter: () => system.savesEnergyAfter },
      observer: { onUnit: (kind) => system.unitMade(kind) },
    });
    engine.powerOn();
    return { life, own, entropy, system, engine, freshnessNonce };
  }

  #crashes({ contents }: BootedTarget): boolean {
    const crashing = [...this.plan.crashing, ...(this.#options.crashing?.() ?? [])];
    return crashing.includes(contents['firmware']?.version ?? '');
  }

  #restart(life: Life): void {
    if (life.alive) this.node.restart(BOOT_TIME);
  }

  #targetPorts({ life, own, engine, freshnessNonce }: Powered): TargetPorts {
    const { passwordList } = this.#options;
    const nvRam = this.#nvRam.seenBy(life);
    return {
      clock: own,
      logger: this.#world.logger,
      deviceId: this.id,
      model: this.#made.model,
      vendorTrust: VENDOR_TRUST,
      ...(freshnessNonce === undefined ? {} : { signedTime: { timeKeys: TIME_KEYS, freshnessNonce } }),
      ...(passwordList === undefined ? {} : { passwordList }),
      memory: {
        load: async () => nvRam.content.target,
        save: (target) => nvRam.update((content) => ({ ...content, target })),
      },
      slots: this.slots.seenBy(life),
      engine,
      restart: () => this.#restart(life),
    };
  }

  /** Starts the program that was booted: the firmware, or the updater program. */
  #run(powered: Powered, booted: BootedTarget, target: UpdateTarget, signal: AbortSignal): DeviceDoor {
    const { life, own, entropy, freshnessNonce } = powered;
    const { logger } = this.#world;
    const hostKey = hostKeyOf(this.id);
    const information = informationOf(
      { ...settingsOf(this.plan, this.#siteName, this.#made), ...this.#options.settings },
      target,
      freshnessNonce,
    );
    const calls: DeviceCalls = {
      world: this.#world,
      life,
      deviceId: this.id,
      siteName: this.#siteName,
      site: this.#options.site,
    };
    const context = {
      clock: own,
      entropy,
      logger,
      signal,
      startNotification: () => target.startNotification(),
      onAnnounced: () => {},
    };
    if (booted.program !== 'firmware') {
      void announce('The start notification', context, signal, (given) =>
        postStartNotice(calls, information, target, given),
      );
      return { life, booted, target, bulk: target, hostKey };
    }
    const { engine, system } = powered;
    const firmware = composeFirmware({
      ...context,
      ...{ target, engine, system, information },
      nvRam: this.#nvRam.seenBy(life),
      panel: this.#options.panel ?? createPanel(() => {}),
      useLink: firmwareLink(calls, information),
      log: createDeviceLog(own),
      contents: contentsInMemory(),
      placement: async () => undefined,
      restart: () => this.#restart(life),
    });
    const { busySeconds } = this.plan;
    if (busySeconds > 0) engine.start(system.jobFor({ kind: 'print', duration: Seconds(busySeconds) }));
    void firmware.introduce();
    void firmware.sendNotices();
    return { life, booted, target, bulk: firmware.bulk(target), hostKey, firmware, engine, system };
  }
}
