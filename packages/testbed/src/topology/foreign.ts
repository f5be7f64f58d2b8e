import { join } from 'node:path';
import type { NodeIdentity } from '@postern/core';
import type { SiteFiles } from '../site/site-files.ts';
import type { Endpoint } from '../tcp/listener.ts';

/** What every part that is not ours is given: who it is, whom it trusts, whose software it takes. */
export interface ForeignIdentity {
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
}

/** A management server that is not ours. */
export type ForeignServer = ForeignIdentity;

/** The files of a node in the layout of @postern/pki. */
export const foreignIdentity = (files: SiteFiles, identity: NodeIdentity): ForeignIdentity => {
  const identityDir = files.identityDir(identity);
  return {
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
