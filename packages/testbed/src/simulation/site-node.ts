import { type DeviceOperations, deviceContract, type StepObserver, uplinkContract } from '@postern/contracts';
import { type NodeIdentity, PosternError, Seconds, sleep } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import {
  belowService,
  composeIntermediary,
  type DatabaseStores,
  type DeviceClient,
  type DownloadImage,
  deviceLink,
  deviceRooms,
  type IntermediaryConfig,
  type IntermediaryConfigInput,
  type IntermediaryDomain,
  type IntermediaryParts,
  inspectDevice,
  noticeService,
  parseConfig,
  passThrough,
  secureService,
  showResult,
  soapSecurePath,
  uplinkExchanges,
} from '@postern/intermediary/compose';
import { createSoapClientOver, type SoapService } from '@postern/soap-rpc';
import type { PasswordList } from '@postern/software-update';
import { simulatedBulkPath, type WireTap } from './bulk-path.ts';
import type { DeviceDoor } from './device-node.ts';
import { gatedStores } from './gated-stores.ts';
import type { Life } from './life.ts';
import { LATENCY } from './network.ts';
import { SimulatedNode } from './node.ts';
import type { DevicePlan, Schedule } from './schedule.ts';
import type { UplinkDoor } from './server-node.ts';
import { SiteImages } from './site-images.ts';
import { soapOver } from './soap.ts';
import { MODEL, VENDOR_TRUST } from './software.ts';
import { SERVER, SITE, type World } from './world.ts';

/** An intermediary in one of its lives. */
export interface SiteDoor extends UplinkDoor {
  readonly domain: IntermediaryDomain;
  /** What devices call over TLS. */
  readonly secure: SoapService;
  /** What they call in plain HTTP. */
  readonly notice: SoapService;
}

export interface SiteOptions {
  /** Who is above: the server, or another site. */
  readonly above: () => UplinkDoor | undefined;
  /** The one site of most simulations unless given. */
  readonly name?: string;
  /** What its configuration says otherwise. */
  readonly config?: Partial<IntermediaryConfigInput>;
  readonly placementTrust?: IntermediaryParts['placementTrust'];
  readonly deviceAt: (host: string) => DeviceDoor | undefined;
  readonly passwordLists: readonly PasswordList[];
  readonly onStep?: StepObserver;
  readonly tap: WireTap;
}

/** Of this site; the same in all lives. */
const ERASURE_SECRET = new Uint8Array(32).fill(7);

/** The real intermediary between the simulated server and devices. */
export class SiteNode {
  readonly node: SimulatedNode;
  readonly name: string;
  /** As an observer sees them; they outlive every process. */
  readonly database: DatabaseStores;
  readonly #world: World;
  readonly #options: SiteOptions;
  readonly #images = new SiteImages();
  readonly #config: IntermediaryConfig;
  readonly #identity: NodeIdentity;
  #door: SiteDoor | undefined;

  constructor(world: World, database: DatabaseStores, options: SiteOptions) {
    this.#world = world;
    this.#options = options;
    this.database = database;
    const { name = SITE, config } = options;
    this.name = name;
    this.#identity = { role: 'intermediary', name };
    this.#config = configOf(world.schedule, config);
    this.node = new SimulatedNode(world, 'site', name, (life) => this.#boot(life));
  }

  /** None while it is down. */
  get door(): SiteDoor | undefined {
    return this.#door?.life.alive === true ? this.#door : undefined;
  }

  async #boot(life: Life): Promise<void> {
    const { schedule, logger } = this.#world;
    const { clock } = life;
    const config = this.#config;
    const { placementTrust } = this.#options;
    const entropy = seededEntropy(`${schedule.seed} ${this.name} ${this.node.starts}`);
    const stores = {
      ...gatedStores(this.database.stores, life),
      images: this.#images.seenBy(life),
      // Nothing is ever written to a file.
      forget: () => {},
    };
    for (const list of this.#options.passwordLists) stores.passwordLists.adopt(list);
    const { devices } = stores;
    const linkOf = (deviceId: string) => deviceLink(config, deviceId);
    const clientFor = (known: Pick<typeof devices, 'get'>) => this.#client(life, known);
    const client = clientFor(devices);
    const rooms = deviceRooms(entropy);
    const domain = composeIntermediary({
      config,
      name: this.name,
      ...(placementTrust === undefined ? {} : { placementTrust }),
      stores,
      vendorTrust: VENDOR_TRUST,
      outside: {
        uplink: { ...this.#uplink(life), download: this.#download(life) },
        callDevice: passThrough(client),
        inspectDevice: inspectDevice(clientFor),
        showResult: showResult(client),
        securePath: soapSecurePath({
          ...{ client, devices, linkOf, ...rooms, clock, entropy },
          erasureSecret: ERASURE_SECRET,
        }),
        markPasswordUsed: (deviceId, request, signal) =>
          client.callPlain(deviceId, 'MarkPasswordUsed', request, signal),
        rooms,
        bulkPath: simulatedBulkPath({ ...this.#options, world: this.#world, from: life }),
      },
      clock,
      entropy,
      logger,
      onStep: this.#options.onStep,
    });
    const { notices, passwords, words, cascade, forwarded } = domain;
    const { hold, nextPoll } = config.below ?? { hold: Seconds(60), nextPoll: Seconds(30) };
    this.#door = {
      life,
      domain,
      service: belowService({ cascade, forwarded, hold, nextPoll, logger }),
      imageFor: async (caller, sha256, offset, signal) => {
        const admitted = cascade.admission.admit({ role: 'intermediary', name: caller });
        const image = await cascade.images.find(admitted, sha256, signal);
        return image.open({ start: offset });
      },
      secure: secureService({ notices, passwords, words, logger }),
      notice: noticeService({ notices, logger }),
    };
    domain.begin();
  }

  #uplink(life: Life) {
    const transport = soapOver(this.#world, {
      label: `${this.name} → above`,
      line: this.name,
      path: 'proved',
      from: life,
      to: this.#options.above,
      peer: this.#identity,
      remoteAddress: this.name,
    });
    const deadline = Seconds(600);
    return uplinkExchanges(createSoapClientOver(uplinkContract, { transport, clock: life.clock, deadline }));
  }

  #download(life: Life): DownloadImage {
    const { network, clock } = this.#world;
    const { name } = this;
    return ({ sha256 }, offset, signal) =>
      network.carry(
        { label: 'image from above', line: this.name, path: 'proved', from: life, to: this.#options.above },
        async (door) => {
          const arriving = await door.imageFor(this.name, sha256, offset, signal);
          async function* content(): AsyncGenerator<Uint8Array> {
            for await (const chunk of arriving) {
              await sleep(clock, LATENCY, signal);
              if (!door.life.alive || network.isBroken(name) || network.strikes('cut', 'image from above')) {
                throw new PosternError('connection-lost', 'The image broke off');
              }
              yield chunk;
            }
          }
          return { offset, content: content() };
        },
        signal,
      );
  }

  /** As the one over sockets: the mode of the link decides what the device sees of the caller. */
  #client(life: Life, devices: Pick<DatabaseStores['stores']['devices'], 'get'>): DeviceClient {
    const call = <K extends keyof DeviceOperations & string>(
      path: 'securePath' | 'plainPath',
      deviceId: string,
      operation: K,
      request: DeviceOperations[K]['request'],
      signal: AbortSignal,
    ): Promise<DeviceOperations[K]['response']> => {
      const host = devices.get(deviceId)?.information[path]?.host;
      if (host === undefined) throw new PosternError('device-unreachable', `${deviceId} has no ${path}`);
      const proved =
        path === 'securePath' && deviceLink(this.#config, deviceId).tls !== 'device-authenticated';
      const transport = soapOver(this.#world, {
        label: `${this.name} → ${deviceId}`,
        path: path === 'securePath' ? 'proved' : 'plain',
        from: life,
        to: () => serving(this.#options.deviceAt(host), path),
        peer: proved ? this.#identity : undefined,
        remoteAddress: this.name,
      });
      return createSoapClientOver(deviceContract, { transport, clock: life.clock }).call(operation, request, {
        signal,
      });
    };
    return {
      call: async (...rest) => call('securePath', ...rest),
      callPlain: async (...rest) => call('plainPath', ...rest),
    };
  }
}

const serving = (door: DeviceDoor | undefined, path: 'securePath' | 'plainPath') =>
  door?.firmware && {
    life: door.life,
    service: path === 'securePath' ? door.firmware.secure : door.firmware.plain,
  };

const configOf = (
  { devices, checkEvery }: Schedule,
  rest: Partial<IntermediaryConfigInput> = {},
): IntermediaryConfig =>
  parseConfig({
    dataDir: ':memory:',
    identityDir: ':memory:',
    uplink: { url: 'https://server:8443/uplink', serverName: SERVER, hold: 290 },
    secure: { port: 7100 },
    notice: { port: 7101 },
    vendorKeyFiles: ['vendor.pem'],
    operation: false,
    schedule: checkEvery === undefined ? [] : [{ task: 'check-versions', expression: `every ${checkEvery}` }],
    localOrders: { deadline: 1_800 },
    devices: Object.fromEntries(devices.map((plan) => [plan.id, linkEntry(plan)])),
    ...rest,
  });

const linkEntry = ({ id, link }: DevicePlan) =>
  link.credential === 'one-time-password'
    ? link
    : {
        credential: link.credential,
        passwordListFile: `${id}.passwords`,
        ...(link.configured ? { address: { host: id, bulkPort: 7002, plainPort: 7003, model: MODEL } } : {}),
      };
