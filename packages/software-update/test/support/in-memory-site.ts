import { after, type Duration, Minutes } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  DEFAULT_POLICY,
  DEFAULT_SCHEME,
  listedEntries,
  makeCredential,
  makePasswordList,
  type PasswordList,
  passwordListEntries,
  type SoftwareManifest,
  sharedState,
  type UpdateCredential,
  type UpdateJob,
  type UpdateOutcome,
  type UpdaterPolicy,
  type UpdaterState,
  type UpdateScheme,
} from '@postern/software-update';
import type { Image } from '@postern/software-update/testing';
import { InMemoryDevice } from './in-memory-device.ts';
import { InMemoryListCopy } from './in-memory-lists.ts';
import { type FaultPlan, InMemoryNetwork } from './in-memory-network.ts';
import { SHARED, store } from './in-memory-secure-path.ts';
import { InMemoryUpdater } from './in-memory-updater.ts';
import { KillPlan } from './life.ts';
import { FACTORY, makeManifest, RELEASE, START, sign } from './software.ts';

/** What is special about a site; everything has an ordinary default. */
export interface SiteOptions {
  readonly seed?: string | number;
  /** What the network does wrong; the first plan that names a fault wins. */
  readonly faults?: readonly FaultPlan[];
  readonly updaterKills?: KillPlan;
  readonly deviceKills?: KillPlan;
  readonly factory?: readonly Image[];
  readonly release?: readonly Image[];
  readonly manifest?: Partial<SoftwareManifest>;
  readonly policy?: Partial<UpdaterPolicy>;
  readonly deadline?: Duration;
  readonly deviceModel?: string;
  /** Versions of `firmware` that do not start. */
  readonly crashing?: readonly string[];
  readonly scheme?: UpdateScheme;
  /** The device takes requests without secrets in plain HTTP. */
  readonly plainPath?: boolean;
  /** Passwords in the list, where the scheme has one. */
  readonly listLength?: number;
  /** What an earlier process of the updater had committed. */
  readonly initial?: UpdaterState;
}

/** A run that takes more timers than this hangs in a circle. */
const MOST_TIMERS = 20_000;

/**
 * One updater, one device and the network between them, in memory, on one virtual clock: the whole protocol
 * with the real machines, reproducible from its options. Nothing happens until {@link InMemorySite.run}.
 *
 * Either side can be killed at any of its boundaries ({@link KillPlan}) and comes back by itself from what
 * it had made durable; the network misbehaves by {@link FaultPlan}.
 */
export class InMemorySite {
  readonly clock = new VirtualClock(START);
  readonly log = memoryLogger();
  readonly job: UpdateJob;
  readonly device: InMemoryDevice;
  readonly network: InMemoryNetwork;
  readonly updater: InMemoryUpdater;
  readonly release: readonly Image[];
  readonly factory: readonly Image[];
  /** The updater's copy of the password list, where the scheme has one. */
  readonly list: InMemoryListCopy | undefined;
  /** The credential that came with the order. */
  readonly #ordered: UpdateCredential | undefined;

  constructor(options: SiteOptions = {}) {
    const { seed = 1, faults = [], release = RELEASE, factory = FACTORY } = options;
    const manifest = makeManifest(release, options.manifest);
    this.release = release;
    this.factory = factory;
    this.job = {
      jobId: 'job-1',
      deviceId: 'mfp-1',
      updaterId: 'site-1',
      manifest,
      signedManifest: sign(manifest),
      deadline: after(START, options.deadline ?? Minutes(60)),
      policy: { ...DEFAULT_POLICY, ...options.policy },
      scheme: options.scheme ?? DEFAULT_SCHEME,
    };
    this.list =
      this.job.scheme.credential === 'password-list'
        ? new InMemoryListCopy(listOf(this.job, seed, options.listLength ?? 60))
        : undefined;
    this.device = new InMemoryDevice({
      clock: this.clock,
      logger: this.log,
      deviceId: this.job.deviceId,
      factory,
      kills: options.deviceKills ?? new KillPlan(),
      ...(this.list === undefined
        ? {}
        : { passwordList: passwordListEntries(this.list.list, listedEntries(this.list.list)) }),
      ...(options.deviceModel === undefined ? {} : { model: options.deviceModel }),
      crashing: new Set(options.crashing),
      notify: (program) => this.network.notice(() => this.updater.startNotified(program)),
    });
    this.network = new InMemoryNetwork({
      clock: this.clock,
      device: this.device,
      faults: (exchange) => {
        for (const plan of faults) {
          const fault = plan(exchange);
          if (fault !== undefined) return fault;
        }
        return undefined;
      },
      entropy: seededEntropy(`device ${seed}`),
      plainPath: options.plainPath ?? false,
    });
    this.#ordered = this.#isPasswordInOrder
      ? makeCredential(seededEntropy(`order ${seed}`), this.job.updaterId)
      : undefined;
    this.updater = new InMemoryUpdater({
      clock: this.clock,
      entropy: seededEntropy(seed),
      logger: this.log,
      job: this.job,
      images: release,
      network: this.network,
      kills: options.updaterKills ?? new KillPlan(),
      ...(this.list === undefined ? {} : { passwordList: this.list }),
      ...(this.#ordered === undefined ? {} : { initial: sharedState(this.#ordered, SHARED) }),
      ...(options.initial === undefined ? {} : { initial: options.initial }),
    });
  }

  /** Fig 23: the device has made the password, and sent it with the order. */
  get #isPasswordInOrder(): boolean {
    const { scheme } = this.job;
    return (
      scheme.credential === 'one-time-password' &&
      scheme.orderedBy === 'panel' &&
      scheme.passwordGenerator === 'target'
    );
  }

  /** Runs the update until it is finished and the device is up, and tells how it ended. */
  async run(): Promise<UpdateOutcome> {
    await this.begin();
    await this.until(
      () => this.updater.finished && (this.device.staysDark || this.device.running !== undefined),
    );
    const { outcome } = this.updater.state;
    if (outcome === undefined) throw new TypeError('The update finished undecided');
    return outcome;
  }

  /** Switches the device on, has somebody order at its panel where the scheme says so, and starts the updater. */
  async begin(): Promise<void> {
    await this.device.powerOn();
    const { running } = this.device;
    if (this.#ordered !== undefined && running !== undefined) {
      this.network.made.add(this.#ordered.oneTimePassword);
      // The updater has it first: whether the device could keep it shows when the updater logs in.
      await Promise.race([store(running, this.job, this.#ordered).catch(() => {}), running.life.ended]);
    }
    this.updater.start();
  }

  /** Lets time pass until `condition` holds. */
  async until(condition: () => boolean): Promise<void> {
    for (let timers = 0; timers < MOST_TIMERS; timers++) {
      if (this.updater.crashed !== undefined) throw this.updater.crashed;
      if (this.device.bricked !== undefined) throw this.device.bricked;
      if (condition()) return;
      if (!(await this.clock.advanceToNext()))
        throw new TypeError(`Nothing more will happen: ${this.summary}`);
    }
    throw new TypeError(`The site never got there: ${this.summary}`);
  }

  /** The versions that the device runs; empty while it is dark. */
  get versions(): Readonly<Record<string, string>> {
    return this.device.running?.target.versions ?? {};
  }

  /** Every finished and failed step in the order of the journal, as `S112` or `S112 failed digest-mismatch`. */
  get journal(): readonly string[] {
    return this.updater.steps
      .filter(({ outcome }) => outcome !== 'started')
      .map(({ step, outcome, code }) => (outcome === 'failed' ? `${step} failed ${code}` : step));
  }

  /** Whether any password of this job still opens the device's bulk path. */
  async passwordOpens(): Promise<boolean> {
    const passwords = new Set([...this.network.sniffed, ...this.network.made, ...this.updater.passwords]);
    for (const password of passwords) {
      const session = await this.device.running?.target.login(this.job.updaterId, password, 'attacker');
      if (session !== undefined) return true;
    }
    return false;
  }

  /** Where everything stands, for the message of a failing test. */
  get summary(): string {
    const { phase, outcome } = this.updater.state;
    return JSON.stringify({ phase, outcome, versions: this.versions, journal: this.journal.slice(-12) });
  }
}

const listOf = ({ deviceId, updaterId }: UpdateJob, seed: string | number, count: number): PasswordList =>
  makePasswordList(seededEntropy(`list ${seed}`), { deviceId, userName: updaterId, count });
