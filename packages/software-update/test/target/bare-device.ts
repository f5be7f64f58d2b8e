import type { VirtualClock } from '@postern/core/testing';
import { memoryLogger } from '@postern/core/testing';
import {
  type BootedTarget,
  type BulkServiceSession,
  bootTarget,
  confirmStart,
  type TargetPorts,
  type TargetRecord,
  UpdateTarget,
} from '@postern/software-update';
import { InMemorySlots } from '@postern/software-update/testing';
import { KillPlan, Life } from '../support/life.ts';
import { FACTORY, MODEL, VENDOR_KEYS } from '../support/software.ts';

/** A target whose device has nothing around it: the test starts it, and restarts it when it asks for that. */
export class BareDevice {
  readonly slots = new InMemorySlots(FACTORY);
  readonly logger = memoryLogger();
  readonly clock: VirtualClock;
  /** Ports beside the usual ones; what the next start sees. */
  extra: Partial<TargetPorts> = {};
  /** The engine is busy until this resolves. */
  jobs: Promise<void> = Promise.resolve();
  restartsAsked = 0;
  #target: UpdateTarget | undefined;
  #memory: string | undefined;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  get target(): UpdateTarget {
    if (this.#target === undefined) throw new TypeError('The device is off');
    return this.#target;
  }

  get record(): TargetRecord {
    if (this.#memory === undefined) throw new TypeError('NV-RAM is empty');
    return JSON.parse(this.#memory) as TargetRecord;
  }

  /** Cuts the power if it is on, then boots. */
  async start({ crashing = false } = {}): Promise<BootedTarget> {
    this.#target?.stop();
    const ports = this.#ports();
    const booted = await bootTarget(ports);
    if (crashing) return booted;
    const confirmed = await confirmStart(ports, booted);
    this.#target = new UpdateTarget(ports, confirmed);
    this.#target.resume();
    return confirmed;
  }

  async enter(userName: string, password: string): Promise<BulkServiceSession> {
    const session = await this.target.login(userName, password, 'test');
    if (session === undefined) throw new TypeError('The login was refused');
    return session;
  }

  #ports(): TargetPorts {
    const life = new Life(new KillPlan());
    return {
      clock: this.clock,
      logger: this.logger,
      deviceId: 'mfp-1',
      model: MODEL,
      vendorTrust: VENDOR_KEYS,
      memory: {
        load: async () => (this.#memory === undefined ? undefined : this.record),
        save: async (record) => {
          this.#memory = JSON.stringify(record);
        },
      },
      slots: this.slots.seenBy(life),
      engine: {
        holdWhenIdle: async () => {
          await this.jobs;
          return { release: () => {} };
        },
      },
      restart: () => {
        this.restartsAsked++;
      },
      ...this.extra,
    };
  }
}

/** Uploads all of `bytes` and ends the transfer in good order. */
export const upload = async (
  session: BulkServiceSession,
  name: string,
  bytes: Uint8Array,
): Promise<string> => {
  const receiver = await session.receive(name, 0);
  await receiver.write(bytes);
  return receiver.finish();
};
