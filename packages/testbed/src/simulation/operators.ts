import { errorCode, PosternError, Seconds } from '@postern/core';
import { registerSoftware } from '@postern/management-server/compose';
import type { DeviceNode } from './device-node.ts';
import { COUNTED_COMMAND, type RequestPlan } from './request-plan.ts';
import type { OrderPlan } from './schedule.ts';
import type { ServerDoor, ServerNode } from './server-node.ts';
import type { SiteNode } from './site-node.ts';
import { RELEASES, type Release, type ReleaseName, ROTATION } from './software.ts';
import { atSecond, SITE, type World } from './world.ts';

/** How long somebody tries who is refused or gets no answer, in seconds. */
const PATIENCE = 420;
const PAUSE_SECONDS = 25;

/** What cannot become better by trying again. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set([
  'scheme-not-allowed',
  'bulk-path-not-allowed',
  'wrong-model',
  'update-finished',
  'idempotency-key-reused',
  'manifest-expired',
  'link-too-weak',
]);

/** People at the server, at the site and at the panels: they order, call off, and try again when they get no answer. */
export class Operators {
  readonly #world: World;
  readonly #server: ServerNode;
  readonly #site: SiteNode;
  readonly #devices: readonly DeviceNode[];
  /** Tasks that are not done yet. */
  #open = 0;
  #rotated = false;
  /** Of registered software. */
  readonly #ids = new Map<ReleaseName, string>();

  constructor(world: World, server: ServerNode, site: SiteNode, devices: readonly DeviceNode[]) {
    this.#world = world;
    this.#server = server;
    this.#site = site;
    this.#devices = devices;
  }

  get done(): boolean {
    return this.#open === 0;
  }

  /** Plans everything that people will do. */
  begin(): void {
    const { orders, requests, rotationAt, checkEvery, healsAt } = this.#world.schedule;
    this.#task('register software', 0, () => this.#register());
    if (rotationAt !== undefined) this.#task('rotate the vendor key', rotationAt, () => this.#rotate());
    const local = orders.filter(({ origin }) => origin !== 'server');
    const wanted = local.map(({ release }) => RELEASES[release]);
    const shelved = checkEvery === undefined ? wanted : [...wanted, RELEASES['3.0']];
    for (const release of new Set(shelved)) {
      this.#task(`bring ${release.name} to the site`, 1, (door) => this.#fetch(door, release));
    }
    for (const order of orders)
      this.#task(`order ${orders.indexOf(order)}`, order.at, () => this.#order(order));
    for (const request of requests)
      this.#task(`request ${requests.indexOf(request)}`, request.at, (door) => this.#ask(door, request));
    if (checkEvery !== undefined) {
      const end = Math.max(healsAt, ...orders.map(({ at }) => at)) + PATIENCE;
      this.#task('end the schedule', end, async () => {
        alive(this.#site.door).domain.operations.setSchedule([]);
      });
    }
  }

  /** Does something from a second on until it works, is refused for good, or nobody is patient any more. */
  #task(what: string, at: number, work: (door: ServerDoor) => Promise<unknown>): void {
    const { clock, schedule, tell } = this.#world;
    this.#open += 1;
    const end = Math.max(at, schedule.healsAt) + PATIENCE;
    const attempt = async (): Promise<void> => {
      try {
        await this.#answered(work(alive(this.#server.door)));
        tell(`operator: ${what}: done`);
        this.#open -= 1;
      } catch (error) {
        const code = errorCode(error, String(error));
        tell(`operator: ${what}: ${code}`);
        if (FINAL_REFUSALS.has(code) || clock.monotonic() > Seconds(end)) this.#open -= 1;
        else clock.schedule(Seconds(PAUSE_SECONDS), () => void attempt());
      }
    };
    atSecond(clock, at, () => void attempt());
  }

  /** Nobody waits for ever for an answer of a node that died. */
  async #answered(work: Promise<unknown>): Promise<void> {
    const { clock } = this.#world;
    await Promise.race([
      work,
      new Promise((_, reject) => {
        clock.schedule(Seconds(60), () => reject(new PosternError('deadline-exceeded', 'No answer')));
      }),
    ]);
  }

  async #register(): Promise<void> {
    const { software } = alive(this.#server.door).domain;
    for (const name of this.#wanted()) {
      const { software: registered } = await registerSoftware(software, this.#signed(RELEASES[name]));
      this.#ids.set(name, registered.id);
    }
  }

  async #rotate(): Promise<void> {
    alive(this.#server.door).domain.vendorKeys.follow(ROTATION);
    this.#rotated = true;
    await this.#register();
  }

  #wanted(): ReadonlySet<ReleaseName> {
    const { orders, checkEvery } = this.#world.schedule;
    return new Set([
      ...orders.map(({ release }) => release),
      ...(checkEvery === undefined ? [] : ['3.0' as const]),
    ]);
  }

  #signed({ signed }: Release): Uint8Array {
    return this.#rotated ? signed.after : signed.before;
  }

  async #softwareId(release: Release): Promise<string> {
    const known = this.#ids.get(release.name);
    if (known !== undefined) return known;
    throw new PosternError('software-unknown', 'Not registered yet');
  }

  async #fetch(door: ServerDoor, release: Release): Promise<void> {
    const softwareId = await this.#softwareId(release);
    await door.domain.siteRequests.fetchSoftware({ intermediary: SITE, softwareId, deadlineSeconds: 3_600 });
  }

  async #order(order: OrderPlan): Promise<void> {
    const { schedule, tally } = this.#world;
    const device = this.#devices[order.device];
    if (device === undefined) throw new RangeError('No such device');
    const cancel = await this.#place(order, device, `order-${schedule.orders.indexOf(order)}`);
    tally.count('orders');
    if (order.cancelAfter === undefined) return;
    const at = this.#world.clock.monotonic() / 1_000 + order.cancelAfter;
    this.#task('cancel', at, async () => cancel());
  }

  async #ask({ domain }: ServerDoor, request: RequestPlan): Promise<void> {
    const { kind, deadlineSeconds } = request;
    const device = this.#devices[request.device];
    if (device === undefined) throw new RangeError('No such device');
    domain.requestOrders.order({
      kind,
      targets: [device.id],
      arguments: kind === 'ExecuteCommand' ? { command: COUNTED_COMMAND } : {},
      deadlineSeconds,
      via: 'poll',
      idempotencyKey: `request-${this.#world.schedule.requests.indexOf(request)}`,
    });
  }

  /** Returns how to call the update off. */
  async #place(
    { origin, release, deadlineSeconds, generator }: OrderPlan,
    device: DeviceNode,
    idempotencyKey: string,
  ): Promise<() => unknown> {
    const server = alive(this.#server.door);
    const operations = () => alive(this.#site.door).domain.operations;
    switch (origin) {
      case 'server': {
        const { update } = await server.domain.updates.order({
          deviceId: device.id,
          softwareId: await this.#softwareId(RELEASES[release]),
          deadlineSeconds,
          idempotencyKey,
          ...(generator === undefined ? {} : { policy: { passwordGenerator: generator } }),
        });
        return () => alive(this.#server.door).domain.updates.cancel(update.id);
      }
      case 'operation-port': {
        const software = `Simulated system ${release}`;
        const { id } = operations().order({
          deviceId: device.id,
          software,
          deadline: Seconds(deadlineSeconds),
        });
        return () => operations().cancel(id);
      }
      case 'panel': {
        const place = alive(device.door?.firmware).orderUpdate;
        const { outcome, code = '', jobId = '' } = await place(generator ?? 'updater');
        if (outcome !== 'accepted') throw new PosternError(code, 'The panel shows a refusal');
        return () => operations().cancel(jobId);
      }
    }
  }
}

const alive = <T>(door: T | undefined): T => {
  if (door === undefined) throw new PosternError('unreachable', 'Nobody is there');
  return door;
};
