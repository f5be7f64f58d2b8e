import { type Duration, type Logger, Milliseconds, Seconds, sleep } from '@postern/core';
import type { VirtualClock } from '@postern/core/testing';
import {
  type BootedTarget,
  bootTarget,
  confirmStart,
  type PasswordListEntries,
  type TargetPorts,
  type TargetRecord,
  UpdateTarget,
} from '@postern/software-update';
import { type Image, InMemorySlots } from '@postern/software-update/testing';
import { type KillPlan, Life } from './life.ts';
import { MODEL, VENDOR_KEYS } from './software.ts';

export const BOOT_TIME = Seconds(20);
/** How long a device stays dark after its power was cut. */
export const POWER_CUT = Seconds(45);
const NOTICE_TRIES = 3;
const NOTICE_PAUSE = Seconds(10);

export interface DeviceOptions {
  readonly clock: VirtualClock;
  readonly logger: Logger;
  readonly deviceId: string;
  readonly factory: readonly Image[];
  readonly kills: KillPlan;
  readonly model?: string;
  readonly passwordList?: PasswordListEntries;
  /** Versions of `firmware` that crash before their first good start. */
  readonly crashing: ReadonlySet<string>;
  /** Sends the start notification (S115); rejects when it did not arrive. */
  readonly notify: (program: string) => Promise<void>;
}

/** A powered device with its program running. */
export interface Running {
  readonly life: Life;
  readonly target: UpdateTarget;
  readonly booted: BootedTarget;
}

/** The real {@link UpdateTarget} in a device whose NV-RAM, flash memory, engine and power are held in memory. */
export class InMemoryDevice {
  readonly slots: InMemorySlots;
  /** The device's engine has jobs until then, in milliseconds since the epoch. */
  busyUntil = 0;
  /** A device that stays dark does not come back by itself after its next restart or power cut. */
  staysDark = false;
  /** What it runs now; `undefined` while it is off or starting. */
  running: Running | undefined;
  /** Why a start went wrong in a way that a real device would not survive. */
  bricked: unknown;
  restarts = 0;
  #life: Life | undefined;
  #memory: string | undefined;
  /** How long the device is dark after the present life. */
  #darkness: Duration = POWER_CUT;
  readonly #options: DeviceOptions;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.slots = new InMemorySlots(options.factory);
  }

  get record(): TargetRecord | undefined {
    return this.#memory === undefined ? undefined : (JSON.parse(this.#memory) as TargetRecord);
  }

  /** NV-RAM as it was before: its last writes never reached the chip. */
  loseWritesSince(record: TargetRecord | undefined): void {
    this.#memory = record === undefined ? undefined : JSON.stringify(record);
  }

  /** Switches on, boots, and notifies its start. Resolves when it runs (or has died again). */
  async powerOn(): Promise<void> {
    const life = new Life(this.#options.kills);
    this.#life = life;
    void life.ended.then(() => this.#wentDark(life));
    try {
      const ports = this.#ports(life);
      const booted = await Promise.race([bootTarget(ports), life.ended]);
      if (booted === undefined) return;
      if (booted.program === 'firmware' && this.#crashes(booted)) return this.#restart(life, BOOT_TIME);
      const confirmed = await Promise.race([confirmStart(ports, booted), life.ended]);
      if (confirmed === undefined) return;
      const target = new UpdateTarget(ports, confirmed);
      this.running = { life, target, booted: confirmed };
      target.resume();
      void this.#notifyStart(life, confirmed.program);
    } catch (error) {
      this.bricked = error;
    }
  }

  /** Cuts the power at this very moment. */
  cutPower(): void {
    this.#life?.end();
  }

  #crashes({ contents }: BootedTarget): boolean {
    return this.#options.crashing.has(contents['firmware']?.version ?? '');
  }

  #ports(life: Life): TargetPorts {
    const { clock, logger, deviceId, model, passwordList } = this.#options;
    return {
      clock,
      logger,
      deviceId,
      model: model ?? MODEL,
      vendorTrust: VENDOR_KEYS,
      ...(passwordList === undefined ? {} : { passwordList }),
      memory: {
        load: async () => this.record,
        save: (record) =>
          life.effect('NV-RAM saved', () => {
            this.#memory = JSON.stringify(record);
          }),
      },
      slots: this.slots.seenBy(life),
      engine: {
        holdWhenIdle: async (signal) => {
          await sleep(clock, Milliseconds(Math.max(this.busyUntil - clock.now(), 0)), signal);
          return { release: () => {} };
        },
      },
      restart: () => this.#restart(life, BOOT_TIME),
    };
  }

  #restart(life: Life, pause: Duration): void {
    if (!life.alive) return;
    this.#darkness = pause;
    life.end();
  }

  #wentDark(life: Life): void {
    this.running?.target.stop();
    this.running = undefined;
    const pause = this.#darkness;
    this.#darkness = POWER_CUT;
    if (this.staysDark || this.#life !== life) return;
    this.restarts++;
    this.#options.clock.schedule(pause, () => void this.powerOn());
  }

  async #notifyStart(life: Life, program: string): Promise<void> {
    for (let tries = 1; life.alive && tries <= NOTICE_TRIES; tries++) {
      try {
        await this.#options.notify(program);
        return;
      } catch {
        await sleep(this.#options.clock, NOTICE_PAUSE);
      }
    }
  }
}
