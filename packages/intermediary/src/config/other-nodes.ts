import { Seconds } from '@postern/core';
import { z } from 'zod';
import { count, listener, seconds } from './values.ts';

/** The node above. */
export const uplink = z.strictObject({
  /** Where the node above serves the uplink contract, e.g. `https://server:8443/uplink`. */
  url: z.url({ protocol: /^https$/ }),
  /** The name in its certificate. */
  serverName: z.string().min(1),
  /** What it is: the management server, or an intermediary with others below it. */
  role: z.enum(['server', 'intermediary']).default('server'),
  /** How long a poll is held open. */
  hold: seconds.default(Seconds(50)),
  exchangeTimeout: seconds.default(Seconds(30)),
  firstPause: seconds.default(Seconds(1)),
  longestPause: seconds.default(Seconds(60)),
});

/** Requests from above that are passed to devices. */
export const requests = z.strictObject({
  /** How often a device is asked, at most, as long as that can do nothing twice. */
  tries: count.max(100).default(6),
  firstPause: seconds.default(Seconds(2)),
  longestPause: seconds.default(Seconds(30)),
  /** Exchanges with devices at a time. */
  concurrency: count.max(1_024).default(32),
  /** The server is told of a request that takes longer. */
  delayNoticeAfter: seconds.default(Seconds(2)),
  /** Room for what unanswered requests say. */
  mostBytes: count.default(16 * 1_024 ** 2),
});

/** Where intermediaries below this one call: they name it as their `uplink`, with the role `intermediary`. */
export const below = listener.extend({
  /** Who may; every intermediary of the CA where none is listed. */
  names: z.array(z.string().min(1)).min(1).optional(),
  /** How many of them there may be, and of each how many devices and unanswered requests. */
  mostChildren: count.max(256).default(64),
  mostDevices: count.default(10_000),
  mostRequests: count.default(500),
  /** Of what their unanswered requests carry, all together. */
  mostBytes: count.default(64 * 1_024 * 1_024),
  /** A poll is held no longer than this. */
  hold: seconds.default(Seconds(60)),
  /** When those are asked to poll again whose polls are not held. */
  nextPoll: seconds.default(Seconds(30)),
});

/** Requests that come down by mail (R9); what the server gives by poll comes all the same. */
export const mail = z.strictObject({
  /** SMTP for the mail server of the site. */
  listen: listener,
  /** The intermediary's own address: no other is taken mail for. */
  address: z.email().max(200),
  /** Addresses of the mail servers that may call. */
  allowedHosts: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .min(1)
    .max(64),
  /** Whose signature counts, by the name in its mail certificate; that of `uplink` unless given. */
  serverName: z.string().min(1).optional(),
  /** From when a mail was made until it came. */
  maxAge: seconds.default(Seconds(3_600)),
  /** How far ahead the server's clock may be. */
  skew: seconds.default(Seconds(300)),
});
