import type { Clock, Duration, Entropy, Logger } from '@postern/core';
import type { Ground } from '../ground/ground.ts';
import type { ServerChoices } from '../site/site-config.ts';
import type { ForeignServer, ForeignUplink } from './foreign.ts';
import type { LanPlan } from './plan.ts';
import type { RunKind } from './topology.ts';

/** What a topology with sockets is made of. */
export interface RealTopologyOptions {
  readonly run: Exclude<RunKind, 'virtual'>;
  /** Everything is kept here; a topology made again on the same directory goes on with it. */
  readonly directory: string;
  /** The sites whose intermediaries call the server themselves. */
  readonly sites: readonly LanPlan[];
  /** Puts taps between each intermediary and its devices, both ways. */
  readonly taps?: boolean;
  readonly server?: ServerChoices;
  /** How many keys the vendor has: all tiers demand signatures with each of them. Default: 1. */
  readonly vendorKeys?: number | undefined;
  /** Gives every tier a revocation list of the CA. Default: false, nobody can be revoked. */
  readonly revocations?: boolean | undefined;
  readonly clock?: Clock;
  /** Clocks of single tiers in this process, by the name of the node: the server, or an intermediary. Others have `clock`. */
  readonly clocks?: Readonly<Record<string, Clock>>;
  /** Of tiers in this process; others take the system's. */
  readonly entropy?: Entropy;
  readonly logger?: Logger;
  /** Told what starts. */
  readonly onStarted?: (tier: StartedTier, name: string, address: string, pid?: number) => void;
  /** The management server is not ours: whoever starts it is told what it needs, and says where it serves the uplink. */
  readonly foreignServer?: (part: ForeignServer) => Promise<ForeignUplink>;
  /** How long steps and the operator's expectations may take. Default: a minute. A test runner's own limit must be longer. */
  readonly patience?: Duration;
  /** The network that it stands on; it ends with the topology. Default: loopback. */
  readonly ground?: Ground;
  /** After the end of everything. */
  readonly onClosed?: () => Promise<void>;
}

/** What a topology tells of as it starts. */
export type StartedTier = 'server' | 'firewall' | 'intermediary' | 'devices';
