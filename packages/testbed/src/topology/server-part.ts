import type { Clock, Duration } from '@postern/core';
import type { ServerConfigInput } from '@postern/management-server';
import type { NodePlace } from '../ground/ground.ts';
import { Operator } from '../site/operator.ts';
import { present } from '../site/present.ts';
import { type ServerChoices, serverConfig } from '../site/site-config.ts';
import type { SiteFiles } from '../site/site-files.ts';
import { serverTier } from '../site/site-tiers.ts';
import type { Tier } from '../site/tier.ts';
import type { ServerReady } from '../site/tier-kinds.ts';
import type { TierPorts } from '../site/tier-ports.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { ForeignUplink } from './foreign.ts';
import { notOurs } from './plan.ts';

export interface ServerPartOptions {
  readonly files: SiteFiles;
  readonly place: NodePlace;
  /** A process of its own (the `postern` command), or in this one. */
  readonly processes: boolean;
  readonly choices: ServerChoices | undefined;
  readonly ports: TierPorts;
  /** What the operator tells the time by. */
  readonly operatorClock: Clock;
  /** What an expectation of the operator that fails tells with it. */
  readonly story?: () => string;
  /** How long the operator waits for anything. Default: a minute. */
  readonly patience?: Duration | undefined;
}

/** The management server of a topology, and the operator at it. */
export class ServerPart {
  readonly #tier: Tier<ServerConfigInput, ServerReady>;
  readonly #options: ServerPartOptions;
  readonly #clock: Clock;
  #listening: { readonly uplink: number; readonly rest: number } | undefined;
  #operator: Operator | undefined;
  #foreign: ForeignUplink | undefined;
  #endForeign: (() => Promise<void>) | undefined;

  constructor(options: ServerPartOptions) {
    const { files, place, processes, ports } = options;
    this.#options = options;
    this.#clock = options.operatorClock;
    this.#tier = serverTier(
      processes ? { directory: files.processDirectory, launch: place.launch } : undefined,
      ports,
    );
  }

  /** @throws PosternError `not-ours` */
  get tier(): Tier<ServerConfigInput, ServerReady> {
    if (this.#foreign !== undefined) throw notOurs('server');
    return this.#tier;
  }

  /** @throws PosternError `not-ours` */
  get operator(): Operator {
    if (this.#foreign !== undefined) throw notOurs('server');
    return present(this.#operator, 'operator');
  }

  /** Where intermediaries call. */
  get uplink(): Endpoint {
    return this.#foreign?.uplink ?? { host: this.#options.place.host, port: this.tier.ready.uplinkPort };
  }

  /** Where operators call. */
  get rest(): Endpoint {
    return { host: this.#options.place.host, port: this.tier.ready.restPort };
  }

  /** The server is somebody else's, and serves the uplink there. */
  takeForeign(foreign: ForeignUplink): void {
    this.#foreign = foreign;
    this.#endForeign = foreign.close;
  }

  /** Starts the server, again on the ports it had. The operator connects the first time, and keeps his connections. */
  async start(): Promise<void> {
    const { files, place, choices } = this.#options;
    const listening = this.#listening ?? { uplink: 0, rest: 0 };
    const config = serverConfig(files, { host: place.host, ...listening }, choices);
    const { uplinkPort, restPort, operatorTokenFile } = await this.tier.start(config);
    this.#listening = { uplink: uplinkPort, rest: restPort };
    this.#operator ??= await Operator.connect(
      this.#clock,
      files,
      this.rest,
      operatorTokenFile,
      this.#options.story,
      this.#options.patience,
    );
  }

  /** Ends the server; it can be started again, unless it is foreign. */
  async stop(): Promise<void> {
    await this.#tier.stop();
    const end = this.#endForeign;
    this.#endForeign = undefined;
    await end?.();
  }

  /** The operator leaves. The server is stopped before. */
  async close(): Promise<void> {
    await this.#operator?.client.close();
  }
}
