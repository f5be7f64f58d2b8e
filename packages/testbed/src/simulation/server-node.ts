import { Seconds } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import type { ServerConfigInput } from '@postern/management-server';
import {
  composeDomain,
  createUplinkService,
  type Domain,
  type DomainParts,
  parseServerConfig,
  type ServerConfig,
  type SqliteStores,
} from '@postern/management-server/compose';
import { HeldPolls } from '@postern/soap-rpc';
import { signTime, updateError } from '@postern/software-update';
import { gatedStores } from './gated-stores.ts';
import type { Life } from './life.ts';
import { SimulatedNode } from './node.ts';
import { inChunks } from './site-images.ts';
import type { SoapDoor } from './soap.ts';
import { IMAGES, START, TIME_SIGNER, VENDOR_TRUST } from './software.ts';
import { SERVER, type World } from './world.ts';

/** Whoever serves the uplink contract, in one of his lives. */
export interface UplinkDoor extends SoapDoor {
  /** An image from `offset` on, where this intermediary may read it. */
  readonly imageFor: (
    caller: string,
    sha256: string,
    offset: number,
    signal: AbortSignal,
  ) => Promise<AsyncIterable<Uint8Array>>;
}

/** A management server in one of its lives. */
export interface ServerDoor extends UplinkDoor {
  readonly domain: Domain;
}

/** The configuration of a simulated server, with what is said otherwise. */
export const serverConfigOf = (choices: Partial<ServerConfigInput> = {}): ServerConfig =>
  parseServerConfig({ dataDir: ':memory:', identityDir: ':memory:', holdSecondsMax: 300, ...choices });

const CONFIG = serverConfigOf();

/** What a simulation has otherwise. */
export type ServerChoices = Partial<Pick<DomainParts, 'placementTrust' | 'config' | 'onStep'>> & {
  /** What has been uploaded, by digest. Default: the images of all simulations. */
  readonly uploaded?: ReadonlyMap<string, Uint8Array>;
};

/** The real management server behind its uplink; operators call its domain directly. */
export class ServerNode {
  readonly node: SimulatedNode;
  /** As an observer sees them; they outlive every process. */
  readonly stores: SqliteStores;
  readonly #world: World;
  readonly #rest: ServerChoices;
  #door: ServerDoor | undefined;

  constructor(world: World, stores: SqliteStores, rest: ServerChoices = {}) {
    this.#rest = rest;
    this.#world = world;
    this.stores = stores;
    this.node = new SimulatedNode(world, 'server', SERVER, (life) => this.#boot(life));
  }

  /** None while it is down. */
  get door(): ServerDoor | undefined {
    return this.#door?.life.alive === true ? this.#door : undefined;
  }

  async #boot(life: Life): Promise<void> {
    const { schedule, logger } = this.#world;
    const { clock } = life;
    const { uploaded = IMAGES, ...choices } = this.#rest;
    const domain = composeDomain({
      config: CONFIG,
      ...choices,
      stores: gatedStores(this.stores, life),
      images: { stat: async (sha256) => stored(uploaded, sha256) },
      vendorTrust: VENDOR_TRUST,
      timeKey: { sign: (statement) => signTime(statement, TIME_SIGNER) },
      clock,
      entropy: seededEntropy(`${schedule.seed} ${SERVER} ${this.node.starts}`),
      logger,
    });
    const held = new HeldPolls(clock, CONFIG.limits.heldPolls);
    domain.waiting.onWaiting((intermediary) => held.end(intermediary));
    const service = createUplinkService({
      ...domain,
      held,
      logger,
      holdAtMost: Seconds(CONFIG.holdSecondsMax),
      nextPoll: Seconds(CONFIG.nextPollSeconds),
    });
    this.#door = {
      life,
      service,
      domain,
      imageFor: async (caller, sha256, offset) =>
        inChunks(imageAt(uploaded, domain, caller, sha256).subarray(offset)),
    };
  }
}

const stored = (uploaded: ReadonlyMap<string, Uint8Array>, sha256: string) => {
  const bytes = uploaded.get(sha256);
  return bytes && { sha256, length: bytes.length, lastUsed: START };
};

/** The image, where the server lets this intermediary read it. */
const imageAt = (
  uploaded: ReadonlyMap<string, Uint8Array>,
  domain: Domain,
  intermediary: string,
  sha256: string,
): Uint8Array => {
  const bytes = domain.stores.software.needsImage(intermediary, sha256) ? uploaded.get(sha256) : undefined;
  if (bytes === undefined) throw updateError('image-missing', `The server has no image ${sha256}`);
  return bytes;
};
