// Generated from wsdl/intermediary.xsd; do not edit. Run `npm run generate`.
import type { Instant } from '@postern/core';
import type * as device from './device.ts';
import type * as types from './types.ts';

/**
 * The device has started (U6; S115). May come in plain HTTP: it is a hint, proved by the version report
 * that follows. mac: HMAC over job and nonce with the job's report key, when a job is open.
 */
export interface NotifyStart {
  readonly deviceId: types.NodeName;
  readonly program: Program;
  readonly components?: types.ComponentVersions;
  readonly bulkPath?: types.Endpoint;
  readonly jobId?: types.Identifier;
  readonly mac?: types.MessageAuthenticationCode;
}

/** firmware: the normal program. updater-program: the compact one, because the firmware is unusable (D5). */
export type Program = 'firmware' | 'updater-program';

export type NotifyStartResponse = Readonly<Record<string, never>>;

/**
 * The device introduces itself (I2: device start, installation). Repeated at each start; mutual TLS proves
 * the name.
 */
export interface Register {
  readonly device: device.DeviceInformation;
  readonly placement?: types.SignedRecord;
}

export interface RegisterResponse {
  readonly active: boolean;
  readonly intermediaryId: types.NodeName;
}

/** Somebody pressed the user-call key (R6–R8; S701). */
export interface UserCall {
  readonly callId: types.Identifier;
  readonly at: Instant;
  readonly reason: types.Text;
}

/** pending: a delay notice; the result follows with ShowResult. */
export interface Answer {
  readonly inReplyTo: types.Identifier;
  readonly outcome: device.Outcome;
  readonly text: types.Text;
}

export interface NotifySupply {
  readonly noticeId: types.Identifier;
  readonly at: Instant;
  readonly supply: types.Identifier;
  readonly remainingPercent: Percent;
}

/** 0 to 100. */
export type Percent = number;

export interface NotifyAbnormality {
  readonly noticeId: types.Identifier;
  readonly at: Instant;
  readonly code: types.ErrorCode;
  readonly text: types.Text;
}

/**
 * An update was ordered at the device's panel and the intermediary is to generate the password (U16, Fig
 * 22). The password itself follows with StoreOneTimePassword of the device contract or, over the secure
 * path, in the answer.
 */
export interface RequestOneTimePassword {
  readonly orderId: types.Identifier;
  readonly component?: types.ComponentName;
}

export interface RequestOneTimePasswordResponse {
  readonly accepted: boolean;
  readonly jobId?: types.Identifier;
  readonly failure?: types.Failure;
}

/**
 * The device generated the password (U15, U17; Fig 21, 23). With a jobId that the intermediary does not
 * know it is an order from the panel (Fig 23). The answer brings what is to be installed. Secure path only.
 */
export interface StoreOneTimePassword {
  readonly jobId: types.Identifier;
  readonly oneTimePassword: types.OneTimePassword;
  readonly lifetimeSeconds: types.Seconds;
  readonly reportKey?: types.SymmetricKey;
  readonly bulkPath?: types.Endpoint;
  readonly bulkPathKind?: types.BulkPathKind;
  readonly bulkHostKey?: types.Sha256;
  readonly manifestChecked?: boolean;
}

export interface StoreOneTimePasswordResponse {
  readonly jobId: types.Identifier;
  readonly userName: types.NodeName;
  readonly signedManifest?: types.SignedManifest;
  readonly nonce?: types.Nonce;
  readonly keyRotations?: types.SignedRecords;
  readonly signedTime?: types.SignedRecord;
}

/**
 * The device has ended the password and tells so; the intermediary is to forget its copy, or to overwrite
 * it with erasurePassword (U18, Fig 24). Secure path only.
 */
export interface EraseOneTimePassword {
  readonly jobId: types.Identifier;
  readonly erasurePassword?: types.OneTimePassword;
}

export interface EraseOneTimePasswordResponse {
  readonly jobId: types.Identifier;
}

export type UserCallResponse = Answer;

export type NotifySupplyResponse = Answer;

export type NotifyAbnormalityResponse = Answer;
