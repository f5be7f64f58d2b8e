import { type DeviceOperations, deviceContract } from '@postern/contracts';
import { type Clock, Seconds } from '@postern/core';
import { START_NOTICE_ACTION, writeStartNotice } from '@postern/device-emulator/compose';
import { createServiceTransport, createSoapClientOver, type SoapService } from '@postern/soap-rpc';
import type { DeviceNode } from './device-node.ts';
import type { SiteNode } from './site-node.ts';
import { RELEASES } from './software.ts';
import { SITE, type World } from './world.ts';

/** Seconds between two forgeries. */
const PACE = 17;
/** No device and no site believes it. */
const NO_CODE = 'ab'.repeat(32);

/** Somebody on the site's network who knows which jobs there are, and no secret: he sends what has to be refused. */
export class Forger {
  readonly #world: World;
  readonly #site: SiteNode;
  readonly #devices: readonly DeviceNode[];

  constructor(world: World, site: SiteNode, devices: readonly DeviceNode[]) {
    this.#world = world;
    this.#site = site;
    this.#devices = devices;
  }

  /** Begins, and goes on until the trouble ends. */
  begin(): void {
    const { clock, network, schedule } = this.#world;
    if (!schedule.attack.forges) return;
    const round = (): void => {
      if (network.healed) return;
      this.#forge();
      clock.schedule(Seconds(PACE), round);
    };
    clock.schedule(Seconds(PACE), round);
  }

  #forge(): void {
    const { chance, tally } = this.#world;
    const device = chance.pick(this.#devices);
    const open = this.#site.database.stores.updates.unfinished();
    const jobId = open.find(({ job }) => job.deviceId === device.id)?.job.jobId ?? 'job-of-nobody';
    const forgeries = [
      () => this.#startNotice(device, jobId),
      ...(device.plan.plainPath ? this.#plain(device, jobId) : []),
      ...(this.#provesNothing(device) ? [() => this.#credential(device, jobId)] : []),
    ];
    tally.count('attack.forgeries');
    chance
      .pick(forgeries)()
      .catch(() => {});
  }

  async #startNotice({ id }: DeviceNode, jobId: string): Promise<void> {
    const service = this.#site.door?.notice;
    if (service === undefined) return;
    const bulkPath = { host: '203.0.113.66', port: 21 };
    await createServiceTransport(service, STRANGER).send({
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${START_NOTICE_ACTION}"` },
      body: writeStartNotice({ deviceId: id, program: 'updater-program', bulkPath, jobId, mac: NO_CODE }),
      signal: new AbortController().signal,
    });
  }

  #plain({ door }: DeviceNode, jobId: string): readonly (() => Promise<unknown>)[] {
    const call = callerOf(door?.firmware?.plain, this.#world.clock);
    return [
      () => call('InvalidateOneTimePassword', { userName: SITE, jobId, mac: NO_CODE }),
      () => call('GenerateOneTimePassword', { userName: SITE, jobId, lifetimeSeconds: 600 }),
      () => call('MarkPasswordUsed', { userName: SITE, list: 'ab'.repeat(16), entry: 3, mac: NO_CODE }),
    ];
  }

  #provesNothing({ plan: { link } }: DeviceNode): boolean {
    return link.credential === 'one-time-password' && link.tls === 'device-authenticated';
  }

  /** Where callers prove no name, the signed manifest decides what is installed. */
  async #credential({ door }: DeviceNode, jobId: string): Promise<void> {
    const { chance, tally } = this.#world;
    if (door?.firmware === undefined) return;
    const { signed } = RELEASES[chance.pick(['0.9', 'foreign', 'forged'] as const)];
    await callerOf(door?.firmware?.secure, this.#world.clock)('StoreOneTimePassword', {
      userName: SITE,
      oneTimePassword: 'a password of the attacker',
      lifetimeSeconds: 600,
      jobId,
      signedManifest: signed.before,
    });
    tally.count('attack.manifest taken');
    this.#world.violate('A device takes a manifest that is older, for another model or of a stranger');
  }
}

const STRANGER = { peer: undefined, remoteAddress: 'attacker' } as const;

const callerOf = (service: SoapService | undefined, clock: Clock) => {
  return async <K extends keyof DeviceOperations & string>(
    operation: K,
    request: DeviceOperations[K]['request'],
  ): Promise<void> => {
    if (service === undefined) return;
    const client = createSoapClientOver(deviceContract, {
      transport: createServiceTransport(service, STRANGER),
      clock,
    });
    await client.call(operation, request);
  };
};
