import type { device, types, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { SoftwareManifest } from '@postern/software-update';
import type { UpdateState } from './update-state.ts';

/** A device as its intermediary reported it last. */
export interface DeviceRecord {
  readonly information: device.DeviceInformation;
  /** The intermediary that registered the name first. */
  readonly intermediary: string;
  readonly route: readonly string[];
  readonly active: boolean | undefined;
  /** False when the intermediary's complete list no longer names it. */
  readonly present: boolean;
  /** When the device was last heard of at its site, if the site says. */
  readonly lastContact: Instant | undefined;
  readonly changedAt: Instant;
}

/** A registered software package: a verified signed manifest. */
export interface SoftwareRecord {
  /** `sw-` and 16 hexadecimal digits of the payload's SHA-256. */
  readonly id: string;
  /** SHA-256 of the manifest payload. */
  readonly payloadSha256: string;
  readonly manifest: SoftwareManifest;
  readonly signedManifest: Uint8Array;
  readonly registeredAt: Instant;
}

/** How an update ended, as the intermediary reported it or as the server decided. */
export interface UpdateResult {
  readonly assurance?: device.Assurance;
  readonly credential?: device.CredentialEnd;
  /** What the device said last that it runs. */
  readonly components: readonly types.ComponentVersion[];
  readonly failure?: types.Failure;
}

/** One update: an order for one device, and what became of it. Its identifier is that of its request. */
export interface UpdateRecord {
  readonly id: string;
  readonly deviceId: string;
  readonly intermediary: string;
  readonly softwareId: string;
  readonly state: UpdateState;
  /** The updater's phase, once the site has told one. */
  readonly phase: string | undefined;
  readonly orderedAt: Instant;
  readonly deadline: Instant;
  readonly finishedAt: Instant | undefined;
  readonly cancelRequested: boolean;
  readonly result: UpdateResult | undefined;
}

/** The kinds of requests that this server sends down so far. */
export type RequestKind = 'UpdateSoftware' | 'CancelUpdate';

/** A request on its way to an intermediary; kept after its end, so that a late duplicate answer is recognised. */
export interface RequestRecord {
  readonly id: string;
  readonly intermediary: string;
  readonly kind: RequestKind;
  readonly updateId: string;
  readonly expiresAt: Instant;
  /** Whether it has been in a poll answer. */
  readonly sent: boolean;
  /** `open`: goes down until it is acknowledged. `taken`: the intermediary has it. `closed`: answered or withdrawn. */
  readonly state: 'open' | 'taken' | 'closed';
  /** Whether a response to it was stored. */
  readonly answered: boolean;
}

/** A line of an update's journal. */
export interface JournalRecord extends device.JournalStep {
  /** Grows in order of arrival: the place at which a watcher goes on. */
  readonly position: number;
}

/** A notice that came up from a device. */
export interface NoticeRecord {
  readonly deliveryId: string;
  readonly intermediary: string;
  readonly deviceId: string;
  readonly kind: uplink.DeliverBody['kind'];
  /** JSON. */
  readonly content: string;
  readonly at: Instant;
}

/** Something that was refused and that an operator may want to look into. */
export interface AuditRecord {
  readonly at: Instant;
  readonly code: 'device-foreign' | 'too-many-devices' | 'request-foreign' | 'not-authorised';
  /** Whom it was refused: an intermediary's name, or the identity of another caller. */
  readonly caller: string;
  /** What it was about: a device, a request, an operation. */
  readonly subject: string;
}
