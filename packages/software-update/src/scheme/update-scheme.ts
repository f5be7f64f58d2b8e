/**
 * How one update runs: every choice that the scheme leaves open, as one plain value. {@link judgeScheme} says which
 * combinations are allowed, which figures they stand for and what they give up.
 *
 * @spec U11 U12 U15 U16 U17 U18 P1 A1 A2 A3
 */
export type UpdateScheme = OneTimeScheme | ListScheme;

/** The two ends of an update. */
export type Party = 'updater' | 'target';

/** Who ordered: the server (Fig 17), somebody at the device's panel (Fig 22), at the intermediary (I4), its scheduler. */
export type OrderOrigin = 'server' | 'panel' | 'operation-port' | 'schedule';

/** How the target's copy ends: overwritten with a random or a fixed erasure password, or declared unusable (U12). */
export type Invalidation = 'overwrite-random' | 'overwrite-fixed' | 'request';

/**
 * Who proves to be who on the secure path of one device: both (A1, Fig 14), only the intermediary (A2, Fig 15), only
 * the device (A3, Fig 16).
 */
export type TlsMode = 'mutual' | 'intermediary-authenticated' | 'device-authenticated';

/** The protocols of the bulk path. */
export type BulkPathKind = 'ftp' | 'ftps-explicit' | 'ftps-implicit' | 'sftp';

/** A password made for one job and shared on the secure path. */
export interface OneTimeScheme {
  readonly credential: 'one-time-password';
  readonly orderedBy: OrderOrigin;
  readonly passwordGenerator: Party;
  readonly eraser: Party;
  readonly invalidation: Invalidation;
  readonly tls: TlsMode;
  readonly bulkPathKind: BulkPathKind;
}

/** The next password of a list that was given to both sides by hand; no secure path (Fig 12, Fig 13). */
export interface ListScheme {
  readonly credential: 'password-list';
  readonly orderedBy: OrderOrigin;
  readonly bulkPathKind: BulkPathKind;
}

/** What an update does without; none for the default scheme and a device that does its part. */
export type AssuranceGap =
  /** The device installs what it is sent: nothing it was shown is signed. */
  | 'manifest-unchecked'
  /** Whoever is on the bulk path can forge the device's version report. */
  | 'reports-unauthenticated'
  /** A2: another node may have answered in the device's place. */
  | 'device-unauthenticated'
  /** A3: the device takes credentials from whoever reaches it. */
  | 'updater-unauthenticated'
  /** P1: the password existed before the job, in two files. */
  | 'listed-password';

/** Fig 17: ordered by the server, everything done by the intermediary, over mutual TLS and plain FTP. */
export const DEFAULT_SCHEME: OneTimeScheme = {
  credential: 'one-time-password',
  orderedBy: 'server',
  passwordGenerator: 'updater',
  eraser: 'updater',
  invalidation: 'overwrite-random',
  tls: 'mutual',
  bulkPathKind: 'ftp',
};
