import type { types } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { VendorKey } from '@postern/software-update';
import type { KeyRotationRecord, RequestRecord } from '../../domain/records.ts';
import { time, timeOrNull } from './views.ts';

/** A request to an intermediary that is about no update, and what became of it. */
export interface RequestView {
  readonly id: string;
  readonly kind: RequestRecord['kind'];
  readonly intermediary: string;
  /** The intermediary itself, or a node below it. */
  readonly target: string;
  readonly softwareId: string | null;
  /** `expired`: never answered, and past its deadline. */
  readonly state: 'ordered' | 'sent' | 'answered' | 'failed' | 'expired';
  readonly orderedAt: string;
  readonly deadline: string;
  readonly answeredAt: string | null;
  /** What crossed the uplink for it: images that the site had already are not counted. */
  readonly fetchedBytes: number | null;
  readonly failure: types.Failure | null;
}

/** A public key. */
export interface KeyView {
  /** SHA-256 of its SPKI encoding. */
  readonly keyId: string;
  readonly publicKeyPem: string;
}

/** Signs the time for devices without a clock. */
export type TimeKeyView = KeyView;

/** Whose software is taken: what the configuration pins, changed by the rotations. */
export interface VendorKeysView {
  /** Of the last rotation; 0 when there was none. */
  readonly sequence: number;
  /** How many of the keys must have signed. */
  readonly threshold: number;
  readonly keys: readonly KeyView[];
  /** Oldest first. */
  readonly rotations: readonly { readonly sequence: number; readonly acceptedAt: string }[];
}

/** An intermediary that has called, or that one which has called tells of. */
export interface IntermediaryView {
  readonly name: string;
  /** Null where nobody has said. */
  readonly lastSeen: string | null;
  /** The one that polls for it; null for one that polls itself. */
  readonly via: string | null;
  /** The intermediaries below `via` on the way to it, nearest first, itself the last. */
  readonly route: readonly string[];
}

export const keyView = ({ keyId, publicKey }: VendorKey): KeyView => ({
  keyId,
  publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
});

export const rotationView = ({ sequence, acceptedAt }: KeyRotationRecord) => ({
  sequence,
  acceptedAt: time(acceptedAt),
});

/** @param now decides what counts as expired */
export const requestView = (record: RequestRecord, now: Instant): RequestView => {
  const { answer } = record;
  return {
    id: record.id,
    kind: record.kind,
    intermediary: record.intermediary,
    target: record.target,
    softwareId: record.kind === 'FetchSoftware' ? record.softwareId : null,
    state: requestState(record, now),
    orderedAt: time(record.orderedAt),
    deadline: time(record.expiresAt),
    answeredAt: timeOrNull(record.answeredAt),
    fetchedBytes: answer?.kind === 'FetchSoftwareResponse' ? answer.value.fetchedBytes : null,
    failure: answer?.kind === 'Failure' ? answer.value : null,
  };
};

const requestState = (record: RequestRecord, now: Instant): RequestView['state'] => {
  if (record.answered) return record.answer?.kind === 'Failure' ? 'failed' : 'answered';
  if (record.state === 'closed' || record.expiresAt <= now) return 'expired';
  return record.sent ? 'sent' : 'ordered';
};
