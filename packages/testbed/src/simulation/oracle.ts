import { after, Minutes, Seconds } from '@postern/core';
import type { StoredUpdate } from '@postern/intermediary/compose';
import type { BootedTarget, ManifestComponent } from '@postern/software-update';
import type { DeviceNode } from './device-node.ts';
import { unsettledRequests } from './request-oracle.ts';
import type { ServerNode } from './server-node.ts';
import type { SiteNode } from './site-node.ts';
import { RELEASES, START } from './software.ts';
import type { World } from './world.ts';

/** A login that somebody has read on the plain bulk path. */
export interface SniffedLogin {
  readonly deviceId: string;
  readonly userName: string;
  readonly password: string;
  /** The update it was for. */
  readonly jobId: string;
}

interface UpdateRow {
  readonly id: string;
  readonly state: string;
  readonly finishedAt: number | null;
}

/** Complete software that may ever run, as slots hold it. */
const GENUINE: ReadonlyMap<string, string> = new Map(
  (['1.0', '2.0', '3.0'] as const).map((name) => [
    contentKey(RELEASES[name].images.map(({ component }) => component)),
    name,
  ]),
);

function contentKey(components: readonly ManifestComponent[]): string {
  return components
    .map(({ name, version, sha256, releaseCounter }) => `${name} ${version} ${sha256} ${releaseCounter}`)
    .sort()
    .join('\n');
}

/** What a message may be late by when it arrives at last, and the end that it brings with it. */
const LATENESS = Minutes(4);
/** From the return of the network, or from the deadline, until the server must know of an end. */
const REPORT_LIMIT = Minutes(8);

/** Watches a simulation and says what must never happen. */
export class Oracle {
  readonly #world: World;
  /** The highest release counters that have ever had a good start, by device and component. */
  readonly #confirmed = new Map<string, Map<string, number>>();
  /** Releases that have run, by device. */
  readonly #ran = new Map<string, Set<string>>();
  /** Ends as the server first had them. */
  readonly #final = new Map<string, string>();
  readonly decayed = new Set<string>();
  #states: { all(): unknown[] } | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** The device always boots a complete verified image: never an unverified, older or foreign one. */
  booted(device: DeviceNode, { program, slot, contents }: BootedTarget): void {
    const { tally, violate } = this.#world;
    tally.count(`boots.${program}`);
    if (program === 'updater-program') {
      if (!this.decayed.has(device.id)) violate(`${device.id} starts its updater program without need`);
      return;
    }
    const components = Object.values(contents);
    if (!device.slots.isWhole(slot)) violate(`${device.id} starts an incomplete image from slot ${slot}`);
    if (!GENUINE.has(contentKey(components))) violate(`${device.id} starts what no vendor has released`);
    for (const { name, version, releaseCounter } of components) {
      const confirmed = this.#confirmed.get(device.id)?.get(name) ?? 0;
      if (releaseCounter < confirmed) violate(`${device.id} starts ${name} ${version}, which is older`);
    }
  }

  confirmed(device: DeviceNode, { program, contents }: BootedTarget): void {
    if (program !== 'firmware') return;
    const counters = this.#confirmed.get(device.id) ?? new Map<string, number>();
    for (const { name, releaseCounter } of Object.values(contents)) {
      counters.set(name, Math.max(counters.get(name) ?? 0, releaseCounter));
    }
    this.#confirmed.set(device.id, counters);
    const ran = this.#ran.get(device.id) ?? new Set();
    ran.add(GENUINE.get(contentKey(Object.values(contents))) ?? 'unknown');
    this.#ran.set(device.id, ran);
  }

  /**
   * Whoever has read a password may not enter with it once its update has ended or its time has passed. Two times are
   * not the update's: a device without a clock counts anew from every start, and one that could not be told the end of
   * a listed password opens for it until another one of the list is used.
   */
  entered({ deviceId, jobId }: SniffedLogin, server: ServerNode, site: SiteNode): void {
    const { clock, violate, tally, schedule } = this.#world;
    tally.count('attack.entered');
    const update = site.database.stores.updates.get(jobId);
    if (update === undefined) return;
    const { job, state } = update;
    const listed = job.scheme.credential === 'password-list';
    const told = server.stores.updates.find(jobId)?.result?.credential === 'erased';
    const dateless = schedule.devices.some(({ id, clock: own }) => id === deviceId && own === 'none');
    // Where the site only waited for the time to pass, such a device may go on counting.
    const countsItself = listed || dateless;
    if (state.erased && (told || !countsItself)) {
      violate(`A password of ${jobId} opens ${deviceId} although it was erased`);
    }
    if (countsItself) return;
    const expiry = after(after(job.deadline, job.policy.credentialMargin), LATENESS);
    if (clock.now() > expiry) {
      violate(`A password of ${jobId} opens ${deviceId} although its time has passed`);
    }
  }

  /** Each result is counted once: what is final never changes, and nothing else becomes final. */
  serverWrote({ stores }: ServerNode): void {
    this.#states ??= stores.database.sqlite.prepare(
      'SELECT id, state, finished_at AS finishedAt FROM software_update',
    );
    const rows = this.#states.all();
    for (const { id, state, finishedAt } of rows as readonly UpdateRow[]) {
      const before = this.#final.get(id);
      const now = `${state} at ${finishedAt}`;
      if (before !== undefined && before !== now) {
        this.#world.violate(`The server counts ${id} as ${before}, then as ${now}`);
      }
      if (before === undefined && FINAL.has(state)) {
        this.#final.set(id, now);
        this.#world.tell(`the server knows ${id} as ${state}`);
      }
    }
  }

  /**
   * What still has to happen before all is over.
   *
   * @param atLast nothing will be waited for any more: an erasure that a device in its updater program cannot be asked
   *   for may still be owed while the password lives (the device says how long where it made it, Fig 23)
   */
  *unsettled(
    server: ServerNode,
    site: SiteNode,
    devices: readonly DeviceNode[],
    atLast: boolean = false,
  ): Generator<string> {
    const { stores } = site.database;
    const now = this.#world.clock.now();
    for (const { id, door } of devices) if (door === undefined) yield `${id} is down`;
    for (const { job, state } of stores.updates.unfinished()) {
      const lives = now < after(job.deadline, job.policy.credentialMargin);
      if (atLast && state.phase === 'owing' && lives) continue;
      yield `${job.jobId} is ${state.phase} at the site`;
    }
    if (stores.requests.waiting().length > 0) yield 'answers wait at the site';
    if (stores.deliveries.count() > 0) yield 'deliveries wait at the site';
    for (const { id, state } of server.stores.updates.page({ limit: 1_000 })) {
      if (!FINAL.has(state)) yield `${id} is ${state} at the server`;
    }
    for (const device of devices) yield* viewOf(server, device);
    yield* unsettledRequests(server, devices);
  }

  /** Once all is over. */
  finished(server: ServerNode, site: SiteNode): void {
    const { tally, violate, schedule } = this.#world;
    const { updates, history } = site.database.stores;
    const ended = new Map(server.stores.updates.page({ limit: 1_000 }).map((update) => [update.id, update]));
    const healed = START + Seconds(schedule.healsAt) + Minutes(2);
    for (const jobId of history.newest(1_000)) {
      const stored = updates.get(jobId);
      const record = ended.get(jobId);
      if (stored === undefined) continue;
      const { job, state } = stored;
      const outcome = state.outcome?.state;
      if (record?.state !== outcome) {
        violate(`${jobId} ended ${outcome} at the site and ${record?.state ?? 'never'} at the server`);
      }
      const latest = Math.max(job.deadline, healed) + REPORT_LIMIT;
      if ((record?.finishedAt ?? 0) > latest) violate(`${jobId} ended long after its deadline`);
      if (outcome === 'verified') this.#requireRun(stored);
      if (!this.#mustSucceed(stored, updates.journal(jobId)[0]?.at ?? 0)) continue;
      tally.count('orders that must succeed');
      if (outcome === 'verified' || outcome === 'not-required') continue;
      const code =
        state.outcome !== undefined && 'failure' in state.outcome ? state.outcome.failure.code : '';
      violate(`${jobId} failed with ${code} although it was ordered after the trouble`);
    }
    for (const [jobId, { state, orderedBy, result }] of ended) {
      tally.count(`outcome.${state}`);
      tally.count(`ordered.${orderedBy}`);
      if (result?.failure === undefined) continue;
      const { code, message } = result.failure;
      tally.count(`failure.${code}`);
      if (code === 'internal-error') violate(`${jobId} ended with an error that nobody foresaw: ${message}`);
    }
  }

  #requireRun({ job }: StoredUpdate): void {
    const name = GENUINE.get(contentKey(job.manifest.components));
    if (name !== undefined && this.#ran.get(job.deviceId)?.has(name)) return;
    this.#world.violate(`${job.jobId} is verified, but ${job.deviceId} never ran ${job.manifest.software}`);
  }

  /** Whether an update was ordered after the trouble, and nothing else keeps it from its success. */
  #mustSucceed({ job, cancelled }: StoredUpdate, orderedAt: number): boolean {
    const { schedule } = this.#world;
    const healed = START + Seconds(schedule.healsAt) + RECOVERED;
    if (cancelled || orderedAt < healed || job.deadline - orderedAt < ENOUGH_TIME) return false;
    const device = schedule.devices.find(({ id }) => id === job.deviceId);
    const confirmed = this.#confirmed.get(job.deviceId);
    const older = job.manifest.components.some(
      ({ name, releaseCounter }) => releaseCounter < (confirmed?.get(name) ?? 0),
    );
    const crashes = job.manifest.components.some(({ version }) => device?.crashing.includes(version));
    const withoutTime = device?.clock === 'none' && job.scheme.orderedBy !== 'server';
    return !older && !crashes && !withoutTime && !this.decayed.has(job.deviceId);
  }
}

/** What the server takes a device for, where that is wrong. */
function* viewOf({ stores }: ServerNode, { id, door }: DeviceNode): Generator<string> {
  if (door?.booted.program !== 'firmware') return;
  const known = stores.devices.find(id)?.information.components.item ?? [];
  const seen = known.map(({ component, version }) => `${component} ${version}`).sort();
  const truth = Object.entries(door.target.versions).map(([name, version]) => `${name} ${version}`);
  if (JSON.stringify(seen) === JSON.stringify(truth.sort())) return;
  yield `the server takes ${id} for ${seen.join(', ') || 'nothing'}; it runs ${truth.join(', ')}`;
}

/** Nothing stands in the way of an update that is ordered so late and has so much time. */
const RECOVERED = Minutes(4);
const ENOUGH_TIME = Minutes(10);

const FINAL: ReadonlySet<string> = new Set(['verified', 'not-required', 'failed', 'cancelled', 'expired']);
