import { Seconds } from '@postern/core';
import { type BulkServiceSession, formatVersionReport } from '@postern/software-update';
import type { WireTap } from './bulk-path.ts';
import type { DeviceNode } from './device-node.ts';
import type { Oracle, SniffedLogin } from './oracle.ts';
import type { ServerNode } from './server-node.ts';
import type { SiteNode } from './site-node.ts';
import { RELEASES, versionsOf } from './software.ts';
import type { World } from './world.ts';

export interface AttackerParts {
  readonly world: World;
  readonly oracle: Oracle;
  readonly server: () => ServerNode;
  readonly site: () => SiteNode;
  readonly devices: () => readonly DeviceNode[];
}

const MOST_REMEMBERED = 60;

/** Somebody on the plain bulk path: reads it, alters it, and enters with what was read. */
export class Attacker implements WireTap {
  readonly #parts: AttackerParts;
  readonly #sniffed: SniffedLogin[] = [];

  constructor(parts: AttackerParts) {
    this.#parts = parts;
  }

  /** Begins to try what was read. */
  begin(): void {
    const { world } = this.#parts;
    const { replayEvery } = world.schedule.attack;
    if (replayEvery === undefined) return;
    const round = (): void => {
      this.#try();
      world.clock.schedule(Seconds(replayEvery), round);
    };
    world.clock.schedule(Seconds(replayEvery), round);
  }

  onLogin(
    deviceId: string,
    { userName, oneTimePassword }: { userName: string; oneTimePassword: string },
  ): void {
    const { stores } = this.#parts.site().database;
    const known = this.#sniffed.some(({ password }) => password === oneTimePassword);
    if (known || this.#sniffed.length >= MOST_REMEMBERED) return;
    const update = stores.updates
      .unfinished()
      .find(({ state }) => state.credential?.oneTimePassword === oneTimePassword);
    if (update === undefined) return;
    this.#parts.world.tally.count('attack.sniffed');
    this.#sniffed.push({ deviceId, userName, password: oneTimePassword, jobId: update.job.jobId });
  }

  alter(what: 'report' | 'image', bytes: Uint8Array): Uint8Array {
    const { network, chance, schedule, tally } = this.#parts.world;
    const { corrupts, forgesReports } = schedule.attack;
    if (network.healed) return bytes;
    if (what === 'report' && chance.happens(forgesReports)) {
      tally.count('attack.forged report');
      return formatVersionReport({ versions: versionsOf(RELEASES['3.0']), activity: 'idle' }, undefined);
    }
    if (!chance.happens(corrupts)) return bytes;
    tally.count('attack.corrupted');
    return Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
  }

  /** All that was ever read, once more, when everything is over. */
  async sweep(): Promise<void> {
    for (const login of this.#sniffed) await this.#enter(login);
  }

  #try(): void {
    const { world, site } = this.#parts;
    const login = world.chance.happens(0.6) ? this.#sniffed.at(-1) : this.#any();
    if (login === undefined) return;
    const open = site()
      .database.stores.updates.unfinished()
      .some(({ job }) => job.deviceId === login.deviceId);
    // Who enters drops the updater's session: that must not go on for ever.
    if (!(world.network.healed && open)) void this.#enter(login);
  }

  #any(): SniffedLogin | undefined {
    const { chance } = this.#parts.world;
    return this.#sniffed.length === 0 ? undefined : chance.pick(this.#sniffed);
  }

  async #enter(login: SniffedLogin): Promise<void> {
    const { world, oracle, server, site, devices } = this.#parts;
    const device = devices().find(({ id }) => id === login.deviceId);
    const door = device?.door;
    if (device === undefined || door === undefined) return;
    world.tally.count('attack.tries');
    const view = await Promise.race([
      door.bulk.login(login.userName, login.password, 'attacker'),
      door.life.ended,
    ]);
    if (view === undefined) return;
    world.tell(`attacker enters ${device.id} with a password of ${login.jobId}`);
    oracle.entered(login, server(), site());
    await this.#spoil(view).catch(() => {});
    view.ended();
  }

  /** Sends rubbish in place of every image that is expected. */
  async #spoil(view: BulkServiceSession): Promise<void> {
    for (const { name, access } of await view.list()) {
      if (access !== 'w') continue;
      const receiver = await view.receive(name, 0);
      await receiver.write(new Uint8Array(600).fill(0xee));
      await receiver.finish();
    }
  }
}
