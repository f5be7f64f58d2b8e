import type { Duration, Instant } from '@postern/core';
import { bindPassword, type ListEntry, sameDigest } from './one-time-password.ts';

/**
 * A one-time password as the target holds it. `ended` keeps only what a log line needs.
 *
 * @spec X3
 */
export type TargetCredential =
  | { readonly kind: 'none' }
  | LiveCredential
  | {
      readonly kind: 'ended';
      readonly jobId: string;
      readonly reason: CredentialEndReason;
      /** The code of the start notification that is still to be sent, where the restart has ended the credential. */
      readonly startMac?: string;
    };

export interface LiveCredential {
  readonly kind: 'live';
  readonly deviceId: string;
  readonly userName: string;
  readonly jobId: string;
  /** {@link bindPassword} of the password; the password itself is not kept. */
  readonly digest: string;
  readonly expiresAt: Instant;
  /** Only in a device without a clock: how long it lives, counted anew from every start as the clock is. */
  readonly lifetime?: Duration;
  readonly wrongTries: number;
  /** Hexadecimal; absent from an updater that does not authenticate reports. */
  readonly reportKey?: string;
  /** Hexadecimal. */
  readonly nonce?: string;
  /** DSSE envelope in base64; absent from an updater that sends none. */
  readonly signedManifest?: string;
  /** Where the updater takes the start notification, when it is not the device's intermediary (U20). */
  readonly notifyStartAt?: NotifyEndpoint;
  /** Where the password stands in the device's list (P1); `jobId` is then its place, too. */
  readonly listEntry?: ListEntry;
}

/** Where start notifications are taken in plain HTTP. */
export interface NotifyEndpoint {
  readonly host: string;
  readonly port: number;
}

/** `used`: a listed password that was told to be used up. `installed`: one that opened the way for what now runs. */
export type CredentialEndReason =
  | 'erased'
  | 'invalidated'
  | 'expired'
  | 'too-many-tries'
  | 'used'
  | 'installed';

export type CredentialEvent =
  | {
      readonly type: 'store';
      readonly credential: Omit<LiveCredential, 'kind' | 'wrongTries'>;
    }
  | {
      readonly type: 'erase';
      readonly userName: string;
      readonly jobId: string;
    }
  | {
      readonly type: 'invalidate';
      readonly userName: string;
      readonly jobId: string;
    }
  | {
      readonly type: 'login';
      readonly userName: string;
      readonly password: string;
      readonly now: Instant;
    }
  | { readonly type: 'tick'; readonly now: Instant }
  /** A listed password is used up. */
  | { readonly type: 'use-up' }
  /** What the job sent was installed and started, or did not start and was given up. */
  | { readonly type: 'install'; readonly startMac?: string };

/** A credential ends after this many wrong tries. */
export const MOST_WRONG_TRIES = 10;

/**
 * The life of a one-time password at the target, as a pure function.
 *
 * | state | store | erase, invalidate | right login | wrong login | past expiry |
 * |---|---|---|---|---|---|
 * | none, ended | live | unchanged | refused | refused | unchanged |
 * | live | live (replaced) | ended | accepted | counted; the tenth ends it | ended |
 *
 * A credential from a list ends with its use and with the start of what it let in, too; one that was shared outlives
 * both, for the updater erases it.
 *
 * An erasure or invalidation for another job than the live one changes nothing: a late message of an old
 * job must not end a new one.
 *
 * @spec U1 U8 U14 X3
 */
export const credentialTransition = (
  state: TargetCredential,
  event: CredentialEvent,
): { readonly state: TargetCredential; readonly accepted: boolean } => {
  if (event.type === 'store') {
    return {
      state: { kind: 'live', ...event.credential, wrongTries: 0 },
      accepted: true,
    };
  }
  if (state.kind !== 'live') return { state, accepted: false };
  switch (event.type) {
    case 'erase':
    case 'invalidate': {
      if (event.userName !== state.userName || event.jobId !== state.jobId) return { state, accepted: false };
      return {
        state: ended(state, event.type === 'erase' ? 'erased' : 'invalidated'),
        accepted: true,
      };
    }
    case 'use-up':
    case 'install': {
      if (state.listEntry === undefined) return { state, accepted: false };
      const next = ended(state, event.type === 'use-up' ? 'used' : 'installed');
      const startMac = event.type === 'install' ? event.startMac : undefined;
      return { state: startMac === undefined ? next : { ...next, startMac }, accepted: true };
    }
    case 'tick':
      return {
        state: event.now >= state.expiresAt ? ended(state, 'expired') : state,
        accepted: true,
      };
    case 'login': {
      if (event.now >= state.expiresAt) return { state: ended(state, 'expired'), accepted: false };
      const digest = bindPassword({ ...state, userName: event.userName }, event.password);
      if (sameDigest(digest, state.digest)) return { state, accepted: true };
      const wrongTries = state.wrongTries + 1;
      const next = wrongTries >= MOST_WRONG_TRIES ? ended(state, 'too-many-tries') : { ...state, wrongTries };
      return { state: next, accepted: false };
    }
  }
};

const ended = (
  state: LiveCredential,
  reason: CredentialEndReason,
): Extract<TargetCredential, { kind: 'ended' }> => ({
  kind: 'ended',
  jobId: state.jobId,
  reason,
});
