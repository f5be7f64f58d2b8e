import { join } from 'node:path';
import { type Clock, type Duration, type NodeIdentity, Seconds, withDeadline } from '@postern/core';
import type { Ground, NodePlace } from '../ground/ground.ts';
import type { SiteFiles } from '../site/site-files.ts';
import type { Endpoint } from '../tcp/listener.ts';

/** What every part that is not ours is given: who and where it is, whom it trusts, whose software it takes. */
export interface ForeignIdentity extends NodePlace {
  readonly identity: NodeIdentity;
  /** The CA of all nodes. */
  readonly caFile: string;
  /** Its own certificate; the node's name is a URI of the subject alternative name. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** All three in the form that `openNodeIdentity` of @postern/pki reads. */
  readonly identityDir: string;
  readonly vendorPublicKeyFiles: readonly string[];
}

/** A device that is not ours. */
export interface ForeignDevice extends ForeignIdentity {
  /** Whom it calls. */
  readonly intermediary: {
    readonly name: string;
    /** Of the intermediary contract over mutual TLS. */
    readonly secureUrl: string;
    /** For start notifications in plain HTTP. */
    readonly noticeUrl: string;
  };
}

/** An intermediary that is not ours. */
export interface ForeignIntermediary extends ForeignIdentity {
  /** Of the uplink contract, behind the firewall. */
  readonly uplinkUrl: string;
  /** Who serves it. */
  readonly above: NodeIdentity;
}

/** Where an intermediary that is not ours listens for devices. */
export interface ForeignListeners {
  readonly securePort: number;
  readonly noticePort: number;
  /** Where intermediaries below call, if any may. */
  readonly belowPort?: number;
  /** Ends it; called once, when the devices have ended. */
  readonly close?: () => Promise<void>;
}

/** A management server that is not ours. */
export type ForeignServer = ForeignIdentity;

/** Where a management server that is not ours listens for intermediaries. */
export interface ForeignUplink {
  /** Who serves the uplink contract, at the path `/uplink`. */
  readonly uplink: Endpoint;
  /** Ends it; called once, when all intermediaries have ended. */
  readonly close?: () => Promise<void>;
}

/** The files of a node in the layout of @postern/pki, and its place. */
export const foreignIdentity = (
  files: SiteFiles,
  identity: NodeIdentity,
  ground: Ground,
): ForeignIdentity => {
  const identityDir = files.identityDir(identity);
  const { host, launch } = ground.place(identity);
  return {
    ...{ host, launch },
    identity,
    identityDir,
    caFile: join(identityDir, 'ca.pem'),
    certificateFile: join(identityDir, 'node.pem'),
    keyFile: join(identityDir, 'node.key'),
    vendorPublicKeyFiles: files.vendorPublicKeyFiles,
  };
};

/** Where devices of an intermediary call. */
export const callUrls = (secure: Endpoint, notice: Endpoint) => ({
  secureUrl: `https://${secure.host}:${secure.port}/intermediary`,
  noticeUrl: `http://${notice.host}:${notice.port}/intermediary`,
});

/** How long the start of a foreign part may take. */
const FOREIGN_START: Duration = Seconds(60);

/**
 * Waits for the start of a foreign part by whoever tests it. One that comes when nobody waits any more is ended at once.
 *
 * @throws PosternError `deadline-exceeded` after a minute, `cancelled`; what `start` throws
 */
export const foreignStart = <T extends { readonly close?: () => Promise<void> }>(
  clock: Clock,
  { name }: NodeIdentity,
  signal: AbortSignal,
  start: () => Promise<T>,
): Promise<T> =>
  withDeadline(clock, FOREIGN_START, `The start of ${name}, which is foreign,`, signal, (limited) => {
    const starting = start();
    const endLate = (): void => void starting.then((part) => part.close?.()).catch(() => {});
    limited.addEventListener('abort', endLate, { once: true });
    return starting;
  });
