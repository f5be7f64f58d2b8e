import { Seconds } from '@postern/core';
import { z } from 'zod';
import { count, listener, seconds } from './values.ts';

/** What differs from the updater's own policy. */
export const policy = z.strictObject({
  transferTries: count.optional(),
  retryPause: seconds.optional(),
  longestPause: seconds.optional(),
  exchangeTimeout: seconds.optional(),
  restartTimeout: seconds.optional(),
  eraseTries: count.optional(),
  credentialMargin: seconds.optional(),
});

/** Orders at the site itself. */
export const localOrders = z.strictObject({
  deadline: seconds.default(Seconds(3_600)),
  /** How many one device may order at its panel. */
  panel: z
    .strictObject({ burst: count.default(3), interval: seconds.default(Seconds(60)) })
    .default({ burst: 3, interval: Seconds(60) }),
});

/** Software that is kept ready for orders at the site; its images do not give way to others. */
export const shelf = z.strictObject({
  mostEntries: count.default(32),
  /** Of all its images together. */
  mostBytes: count.default(8 * 1_024 ** 3),
});

/** Where peers and operators with a listed SSH key leave software, by SFTP. */
export const drop = listener.extend({
  /** Public keys as in OpenSSH's `authorized_keys`, without options; read at every login. */
  authorizedKeysFile: z.string().min(1),
  /** Its own SSH key, `drop-host-key` in the data directory unless given; made where there is none. */
  hostKeyFile: z.string().min(1).optional(),
  /** Of all bundles that are on their way, before they are imported. */
  mostBytes: count.default(4 * 1_024 ** 3),
  longestUpload: seconds.default(Seconds(3_600)),
});

/** The intermediary's own software is updated like that of a device (U21). */
export const ownSoftware = z.strictObject({
  /**
   * Where it takes images: plain FTP. Loopback is enough where only its own server orders; a port that the system chose
   * (0) is kept.
   */
  bulk: listener,
  /** What manifests for it are made out to. */
  model: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'is no model name')
    .default('Postern Intermediary'),
  /** Another intermediary that may update it, too, by the name in its certificate. */
  parent: z.string().min(1).optional(),
  /** How long a new program may take until it has started well, which includes that the uplink works. */
  startLimit: seconds.default(Seconds(300)),
  /** How long updates of devices that are under way hold it up. */
  patience: seconds.default(Seconds(900)),
  /** Room for both images. */
  mostBytes: count.default(2 * 1_024 ** 3),
});
