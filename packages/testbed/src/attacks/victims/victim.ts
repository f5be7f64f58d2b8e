import type { Duration } from '@postern/core';
import type { Site } from '../../site/site.ts';
import type { Endpoint } from '../../tcp/listener.ts';
import type { Scene } from '../attack.ts';
import type { Image } from '../images.ts';

/** What a scenario wants of its victim. Everything has a default: one device, nobody in between. */
export interface VictimOptions {
  /** What the device leaves the factory with. Default: {@link FACTORY}. */
  readonly factory?: Image;
  /** A second component of the device; it has one unless given. */
  readonly scanner?: Image;
  /** Ports of somebody in between, under which the device is known to others. */
  readonly through?: { readonly soap?: number; readonly ftp?: number };
  /** Somebody between the site's firewall and the server. */
  readonly uplinkThrough?: (server: Endpoint) => Promise<Endpoint>;
  /** The device's flash memory fails and does not say so. */
  readonly losesImages?: boolean;
  /** The update's deadline. Default: 20 s. */
  readonly deadline?: Duration;
  /** How long the one-time password outlives the deadline. */
  readonly credentialMargin?: Duration;
  /** All tiers of the site take the CA's revocation list. */
  readonly revocations?: boolean;
  /** A second device of the site. */
  readonly neighbour?: boolean;
}

/** A device with its updater, and all that stands behind it, on real sockets. */
export interface Victim {
  /** The user name on the bulk path; no secret. */
  readonly userName: string;
  /** Where the device itself serves its bulk path and its secure path. */
  readonly bulk: Endpoint;
  readonly secure: Endpoint | undefined;
  /** The same of the second device. */
  readonly neighbour: Endpoint | undefined;
  /** The site, where there is one. */
  readonly site: Site | undefined;
  /** Begins the genuine update to the release. */
  update(): Promise<GenuineUpdate>;
  /** What the device runs, by the digest of what lies in its active storage. */
  runs(component?: string): Promise<string>;
  /** What the second device runs. */
  neighbourRuns(): Promise<string>;
  /** Bytes of one image that the device stored at most; of a device of (c), that it holds in the end. */
  mostTaken(): Promise<number>;
  /** Start notifications that the updater has believed so far, by the journal that the server has. */
  startsBelieved(): Promise<number>;
  /** Keeps the device from restarting until the function that it returns is called. */
  occupy(): () => void;
}

/** An update as its updater and the server see it. */
export interface GenuineUpdate {
  /** How it ended in the eyes of whoever ordered it: `verified`, or `failed: CODE`. */
  ended(): Promise<string>;
  /** Resolves when it has got so far. */
  reached(step: 'shared' | 'restarting'): Promise<void>;
}

export type OpenVictim = (scene: Scene, options: VictimOptions) => Promise<Victim>;

/** Names at every site. */
export const DEVICE = 'printer-1';
export const NEIGHBOUR = 'printer-2';
export const MODEL = 'Postern MFP-100';
