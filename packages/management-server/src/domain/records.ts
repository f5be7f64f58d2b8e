import type { device, RemoteRequestKind, types, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { OrderOrigin, SoftwareManifest } from '@postern/software-update';
import type { RequestState } from './requests/request-state.ts';
import type { UpdateState } from './update-state.ts';

/** A device as its intermediary reported it last. */
export interface DeviceRecord {
  readonly information: device.DeviceInformation;
  /** The intermediary that polls for it: the one that registered the name first, or where it has moved since. */
  readonly intermediary: string;
  /** The intermediaries below that one on the way to it, nearest first. */
  readonly route: readonly string[];
  readonly active: boolean | undefined;
  /** False when its intermediary has said that it is gone, or no longer names it in a complete list. */
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
  /** What the update did without. */
  readonly gaps?: readonly device.AssuranceGap[];
  /** The software package's name, as the site told it. */
  readonly software?: string;
  /** What the device said last that it runs. */
  readonly components: readonly types.ComponentVersion[];
  readonly failure?: types.Failure;
}

/**
 * One update: an order for one device, and what became of it. Its identifier is that of its request, or that of the
 * site's job where the site ordered it.
 */
export interface UpdateRecord {
  readonly id: string;
  readonly deviceId: string;
  readonly intermediary: string;
  readonly orderedBy: OrderOrigin;
  /** Absent where the site ordered: it may have software that is not registered here. */
  readonly softwareId: string | undefined;
  /** What the order wants otherwise than the site's configuration. */
  readonly policy: device.UpdatePolicy | undefined;
  readonly state: UpdateState;
  /** The updater's phase, once the site has told one. */
  readonly phase: string | undefined;
  readonly orderedAt: Instant;
  /** Of an update that the site ordered: its end. */
  readonly deadline: Instant;
  readonly finishedAt: Instant | undefined;
  readonly cancelRequested: boolean;
  readonly result: UpdateResult | undefined;
}

/** What a request is about: what its body is made of when it goes down. */
export type RequestSubject =
  | { readonly kind: 'UpdateSoftware' | 'CancelUpdate'; readonly updateId: string }
  | { readonly kind: 'FetchSoftware'; readonly softwareId: string }
  | { readonly kind: RemoteRequestKind; readonly orderId: string };

/** The kinds of requests that this server sends down. */
export type RequestKind = RequestSubject['kind'];

/** A request on its way to an intermediary; kept after its end, so that a late duplicate answer is recognised. */
export type RequestRecord = RequestSubject & {
  readonly id: string;
  /** The one that polls for it. */
  readonly intermediary: string;
  /** Whom it is for: a device, or an intermediary itself. */
  readonly target: string;
  /** The intermediary that is to do it, wherever the target is reported; undefined where the target says it. */
  readonly at: string | undefined;
  readonly orderedAt: Instant;
  readonly expiresAt: Instant;
  /**
   * How many of the same order go down to this intermediary before it. What has a lower place goes first, so that an
   * order for a whole site holds up neither updates nor the orders of others.
   */
  readonly place: number;
  /** Whether it has been in a poll answer. */
  readonly sent: boolean;
  readonly state: RequestState;
  /** How far the site is, once it has said so. */
  readonly phase: string | undefined;
  readonly endedAt: Instant | undefined;
  /** Why it ended without an answer. */
  readonly reason: 'deadline-exceeded' | 'site-silent' | undefined;
  /** Whether a response to it was stored; one that came after its end was, too. */
  readonly answered: boolean;
  readonly answeredAt: Instant | undefined;
  /** The response, but for that to an update: the update has it. */
  readonly answer: uplink.ResponseBody | undefined;
};

/** How a request goes down: as the answer to a poll; or by mail, and by poll all the same. */
export type WayDown = 'poll' | 'mail';

/** What an operator asks of one or more targets: a request for each. */
export interface OrderRecord {
  readonly id: string;
  /** What all of its requests carry. */
  readonly body: uplink.RequestBody & { readonly kind: RemoteRequestKind };
  readonly via: WayDown;
  /** How many requests it was. */
  readonly targets: number;
  readonly orderedAt: Instant;
  readonly expiresAt: Instant;
}

/** A counter of a device as it was read last. */
export interface CounterRecord extends types.Counter {
  readonly at: Instant;
}

/** A key rotation that was accepted. */
export interface KeyRotationRecord {
  /** The sequence of the trust that it brought into force. */
  readonly sequence: number;
  /** The DSSE envelope. */
  readonly signed: Uint8Array;
  readonly acceptedAt: Instant;
}

/** A line of an update's journal. */
export interface JournalRecord extends device.JournalStep {
  /** Grows in order of arrival: the place at which a watcher goes on. */
  readonly position: number;
}

/** Something that was refused and that an operator may want to look into. */
export interface AuditRecord {
  readonly at: Instant;
  readonly code:
    | 'device-foreign'
    | 'too-many-devices'
    | 'route-loop'
    | 'route-too-long'
    | 'request-foreign'
    | 'response-unexpected'
    | 'delivery-reused'
    | 'too-many-notices'
    | 'not-authorised';
  /** Whom it was refused: an intermediary's name, or the identity of another caller. */
  readonly caller: string;
  /** What it was about: a device, a request, an operation. */
  readonly subject: string;
}
