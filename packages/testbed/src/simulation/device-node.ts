import { createHash } from 'node:crypto';
import { intermediaryContract } from '@postern/contracts';
import { type Clock, type Entropy, Milliseconds, PosternError, Seconds } from '@postern/core';
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
  type InformationSource,
  intermediaryLink,
  type NvRamContent,
  profileNamed,
  START_NOTICE_ACTION,
  SystemControl,
  type UseLink,
  writeStartNotice,
} from '@postern/device-emulator/compose';
import { createSoapClientOver, type SoapService } from '@postern/soap-rpc';
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
import type { Life } from './life.ts';
import type { Door } from './network.ts';
import { SimulatedNode } from './node.ts';
import type { DevicePlan } from './schedule.ts';
import type { SiteDoor } from './site-node.ts';
import { soapOver } from './soap.ts';
import { FACTORY, MODEL, TIME_KEYS, VENDOR_TRUST } from './software.ts';
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
}

/** The real update target and firmware in a device whose NV-RAM, flash memory and power are held in memory. */
export class DeviceNode {
  readonly node: SimulatedNode;
  readonly plan: DevicePlan;
  readonly slots = new InMemorySlots(FACTORY.images);
  readonly #world: World;
  readonly #options: DeviceOptions;
  #nvRam = EMPTY_NV_RAM;
  #door: DeviceDoor | undefined;
  #running: UpdateTarget | undefined;

  constructor(world: World, options: DeviceOptions) {
    this.#world = world;
    this.#options = options;
    this.plan = options.plan;
    this.node = new SimulatedNode(world, 'device', options.plan.id, (life) => this.#boot(life));
  }

  get id(): string {
    return this.plan.id;
  }

  /** None while it is off or starting. */
  get door(): DeviceDoor | undefined {
    return this.#door?.life.alive === true ? this.#door : undefined;
  }

  async #boot(life: Life): Promise<void> {
    const { clock, schedule } = this.#world;
    this.#running?.stop();
    const entropy = seededEntropy(`${schedule.seed} ${this.id} ${this.node.starts}`);
    const dateless = this.plan.clock === 'none';
    const own = dateless ? datelessClock(life.clock) : life.clock;
    const freshnessNonce = dateless ? makeNonce(entropy) : undefined;
    const nvRam = this.#nvRamOf(life);
    const system = this.#system(life, own, entropy);
    const engine = new EngineControl({
      clock: own,
      times: { startUp: ENGINE_START_UP, savesEnergyAfter: () => system.savesEnergyAfter },
      observer: { onUnit: (kind) => system.unitMade(kind) },
    });
    engine.powerOn();
    const ports = this.#targetPorts(life, { clock: own, engine, freshnessNonce });
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
      engine.stop();
    });
    const context = {
      clock: own,
      entropy,
      logger: this.#world.logger,
      signal: off.signal,
      startNotification: () => target.startNotification(),
      onAnnounced: () => {},
    };
    const hostKey = createHash('sha256').update(`host key of ${this.id}`).digest('hex');
    if (confirmed.program === 'firmware') {
      const information = this.#information(target, hostKey, freshnessNonce);
      const useLink = this.#link(life, information);
      const panel = createPanel(() => {});
      const firmware = composeFirmware({
        ...context,
        target,
        engine,
        system,
        nvRam,
        panel,
        information,
        useLink,
        log: createDeviceLog(own),
        contents: contentsInMemory(),
        placement: async () => undefined,
        restart: () => {
          if (life.alive) this.node.restart(BOOT_TIME);
        },
      });
      this.#door = { life, booted: confirmed, target, bulk: firmware.bulk(target), hostKey, firmware };
      if (this.plan.busySeconds > 0)
        engine.start(system.jobFor({ kind: 'print', duration: Seconds(this.plan.busySeconds) }));
      void firmware.introduce();
      void firmware.sendNotices();
    } else {
      this.#door = { life, booted: confirmed, target, bulk: target, hostKey };
      void announce('The start notification', context, off.signal, (signal) =>
        this.#postNotice(life, target, signal),
      );
    }
    this.#world.tell(`${this.id} runs ${JSON.stringify(target.versions)} (${confirmed.program})`);
    clock.schedule(Milliseconds(0), () => target.resume());
  }

  #system(life: Life, clock: Clock, entropy: Entropy): SystemControl {
    const { logger } = this.#world;
    const nvRam = this.#nvRamOf(life);
    return new SystemControl({
      deviceId: this.id,
      profile: profileNamed('mfp'),
      nvRam,
      clock,
      entropy,
      logger,
    });
  }

  #crashes({ contents }: BootedTarget): boolean {
    return this.plan.crashing.includes(contents['firmware']?.version ?? '');
  }

  #targetPorts(
    life: Life,
    {
      clock,
      engine,
      freshnessNonce,
    }: Pick<TargetPorts, 'clock' | 'engine'> & { freshnessNonce?: string | undefined },
  ): TargetPorts {
    const { passwordList } = this.#options;
    return {
      clock,
      logger: this.#world.logger,
      deviceId: this.id,
      model: MODEL,
      vendorTrust: VENDOR_TRUST,
      ...(freshnessNonce === undefined ? {} : { signedTime: { timeKeys: TIME_KEYS, freshnessNonce } }),
      ...(passwordList === undefined ? {} : { passwordList }),
      memory: {
        load: async () => this.content.target,
        save: (target) => this.#nvRamOf(life).update((content) => ({ ...content, target })),
      },
      slots: this.slots.seenBy(life),
      engine,
      restart: () => {
        if (life.alive) this.node.restart(BOOT_TIME);
      },
    };
  }

  /** The numbers of the abnormalities that were ever raised with this code, as NV-RAM was written. */
  raised(code: string): readonly string[] {
    return this.#raised.filter((notice) => notice.code === code).map(({ noticeId }) => noticeId);
  }
  readonly #raised: { readonly code: string; readonly noticeId: string }[] = [];

  #noteRaised({ notices: before = [] }: NvRamContent, { notices: now = [] }: NvRamContent): void {
    const known = new Set(before.map(({ noticeId }) => noticeId));
    for (const notice of now) {
      if (notice.kind === 'abnormality' && !known.has(notice.noticeId)) this.#raised.push(notice);
    }
  }

  /** What NV-RAM holds. */
  get content(): NvRamContent {
    return JSON.parse(this.#nvRam) as NvRamContent;
  }

  #nvRamOf(life: Life) {
    const read = (): NvRamContent => this.content;
    return {
      get content(): NvRamContent {
        return read();
      },
      update: (change: (content: NvRamContent) => NvRamContent): Promise<void> =>
        life.effect('NV-RAM', () => {
          const before = read();
          const now = change(before);
          this.#noteRaised(before, now);
          this.#nvRam = JSON.stringify(now);
        }),
    };
  }

  #information(target: UpdateTarget, hostKey: string, freshnessNonce: string | undefined): InformationSource {
    const settings = settingsOf(this.plan, this.#options.siteName);
    return {
      settings,
      versions: () => target.versions,
      soapPort: () => settings.soap.port,
      ftpPort: () => settings.ftp.port,
      plainPort: () => settings.plain?.port,
      bulkHostKey: () => (settings.bulkPathKind === 'ftp' ? undefined : hostKey),
      freshnessNonce,
    };
  }

  #link(life: Life, information: InformationSource): UseLink {
    const proved = information.settings.secureLink !== 'intermediary-authenticated';
    const client = createSoapClientOver(intermediaryContract, {
      transport: soapOver(this.#world, {
        path: 'proved',
        label: `${this.id} → ${this.#options.siteName ?? SITE}`,
        from: life,
        to: () => serving(this.#options.site(), 'secure'),
        peer: proved ? { role: 'device', name: this.id } : undefined,
        remoteAddress: this.id,
      }),
      clock: life.clock,
      deadline: Seconds(15),
    });
    const link = intermediaryLink(information, (operation, request, signal) =>
      client.call(operation, request, { signal }),
    );
    return (work) => work(link);
  }

  async #postNotice(life: Life, target: UpdateTarget, signal: AbortSignal): Promise<void> {
    const device = {
      deviceId: this.id,
      program: 'updater-program',
      bulkPath: settingsOf(this.plan, this.#options.siteName).ftp,
    } as const;
    const { notifyStartAt: _, ...notification } = target.startNotification();
    const { status } = await soapOver(this.#world, {
      path: 'plain',
      label: `${this.id} → ${this.#options.siteName ?? SITE}`,
      from: life,
      to: () => serving(this.#options.site(), 'notice'),
      peer: undefined,
      remoteAddress: this.id,
    }).send({
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${START_NOTICE_ACTION}"` },
      body: writeStartNotice({ ...device, ...notification }),
      signal,
    });
    if (status !== 200) throw new PosternError('notice-refused', `HTTP ${status}`);
  }
}

/** An engine that saves energy soon: an update has to wake it. */
const EMPTY_NV_RAM = JSON.stringify({
  counters: {},
  parameters: { 'energy-saving-minutes': '1' },
  ports: {},
} satisfies NvRamContent);

const serving = (
  door: SiteDoor | undefined,
  which: 'secure' | 'notice',
): { readonly life: Life; readonly service: SoapService } | undefined =>
  door && { life: door.life, service: door[which] };

/** How the device is made: the other end of what the site's configuration says of its link. */
const settingsOf = ({ id, link, plainPath, clock }: DevicePlan, siteName: string = SITE): DeviceSettings => {
  const oneTime = link.credential === 'one-time-password' ? link : undefined;
  return {
    id,
    directory: '',
    profile: profileNamed('mfp'),
    model: MODEL,
    identityDirectory: '',
    soap: { host: id, port: 7001 },
    ftp: { host: id, port: 7002 },
    ...(plainPath ? { plain: { host: id, port: 7003 } } : {}),
    intermediary: { name: siteName, secureUrl: '', noticeUrl: '' },
    updaters: [],
    secureLink: oneTime?.tls ?? 'mutual',
    bulkPathKind: oneTime?.bulkPathKind ?? 'ftp',
    clock,
    panelOrders: 'updater',
    requireManifest: oneTime?.tls === 'device-authenticated',
    faults: {},
  };
};
