// Generated from wsdl/types.xsd; do not edit. Run `npm run generate`.
import type { Instant } from '@postern/core';

/**
 * The name of an intermediary or device, unique below one management server.
 * Matches `[A-Za-z0-9][A-Za-z0-9._\-]{0,63}`.
 */
export type NodeName = string;

/**
 * Identifier of a request, response, job or notice; chosen by whoever creates it, unique for ever.
 * Matches `[A-Za-z0-9._\-]{1,64}`.
 */
export type Identifier = string;

/** Matches `[a-z0-9][a-z0-9.\-]{0,31}`. */
export type ComponentName = string;

/** Matches `[A-Za-z0-9][A-Za-z0-9.+_\-]{0,63}`. */
export type VersionText = string;

/** Matches `[A-Za-z0-9][A-Za-z0-9 ._\-]{0,63}`. */
export type ModelName = string;

/**
 * A stable code from the error catalogue, e.g. digest-mismatch.
 * Matches `[a-z][a-z0-9\-]{0,63}`.
 */
export type ErrorCode = string;

/**
 * Text for people.
 * 0 to 1024 characters.
 */
export type Text = string;

/** 0 to 65536 characters. */
export type LogText = string;

/**
 * SHA-256 as 64 lower-case hexadecimal digits.
 * Matches `[0-9a-f]{64}`.
 */
export type Sha256 = string;

/**
 * 16 to 32 random bytes as lower-case hexadecimal digits.
 * Matches `[0-9a-f]{32,64}`.
 */
export type Nonce = string;

/**
 * A host name or address.
 * Matches `[A-Za-z0-9.:_%\-]{1,255}`.
 */
export type HostText = string;

/** 1 to 65535. */
export type Port = number;

/**
 * A duration in whole seconds; at most 31 days.
 * 0 to 2678400.
 */
export type Seconds = number;

/**
 * The name of a file at a device; there are no folders.
 * Matches `[A-Za-z0-9][A-Za-z0-9._\-]{0,63}`.
 */
export type FileName = string;

/**
 * A part of a file, at most 48 KiB.
 * 0 to 49152 bytes.
 */
export type FileContent = Uint8Array;

/**
 * Printable ASCII without space, as FTP carries it. Ours have at least 128 bits of randomness.
 * Matches `[!-~]{8,128}`. A secret: never in messages or logs.
 */
export type OneTimePassword = string;

/**
 * 32 bytes.
 * 32 bytes. A secret: never in messages or logs.
 */
export type SymmetricKey = Uint8Array;

/**
 * HMAC-SHA-256 as 64 lower-case hexadecimal digits.
 * Matches `[0-9a-f]{64}`.
 */
export type MessageAuthenticationCode = string;

/**
 * A DSSE envelope (JSON) whose payload is a software manifest; see docs/manifest.md.
 * 0 to 65536 bytes.
 */
export type SignedManifest = Uint8Array;

/**
 * A DSSE envelope (JSON): a key rotation or a signed time; see docs/manifest.md.
 * 0 to 65536 bytes.
 */
export type SignedRecord = Uint8Array;

export interface SignedRecords {
  /** 0 to 16 items. */
  readonly record: readonly SignedRecord[];
}

export interface ComponentVersion {
  readonly component: ComponentName;
  readonly version: VersionText;
}

export interface ComponentVersions {
  /** 0 to 64 items. */
  readonly item: readonly ComponentVersion[];
}

export interface Counter {
  readonly name: ComponentName;
  readonly value: number;
}

export interface Counters {
  /** 0 to 256 items. */
  readonly item: readonly Counter[];
}

export interface Parameter {
  readonly name: Identifier;
  readonly value: Text;
}

export interface Parameters {
  /** 0 to 256 items. */
  readonly item: readonly Parameter[];
}

export interface Names {
  /** 0 to 256 items. */
  readonly name: readonly Identifier[];
}

export interface LogEntry {
  readonly at: Instant;
  readonly level: LogLevel;
  readonly message: Text;
}

export interface LogEntries {
  /** 0 to 1000 items. */
  readonly item: readonly LogEntry[];
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Endpoint {
  readonly host: HostText;
  readonly port: Port;
}

export type BulkPathKind = 'ftp' | 'ftps-explicit' | 'ftps-implicit' | 'sftp';

/** Why something was refused or failed, and what to do next. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: Text;
  readonly hint?: Text;
}
