import { type Duration, Seconds } from '@postern/core';
import { DEFAULT_POLICY, type UpdaterPolicy } from '@postern/software-update';
import { z } from 'zod';
import { isTimeZone } from './domain/local/cron.ts';
import { rhythmMistake } from './domain/local/rhythm.ts';
import { linkMistakes } from './domain/schemes/link-mistakes.ts';
import { devicesSchema, schemeSchema } from './domain/schemes/link-schema.ts';
import { searchSchema } from './domain/search/search-schema.ts';
import { intermediaryError } from './errors.ts';

const seconds = z
  .number()
  .nonnegative()
  .max(31 * 86_400)
  .transform(Seconds);
const count = z.number().int().positive();
const port = z.number().int().min(0).max(65_535);
const listener = z.strictObject({ host: z.string().min(1).default('0.0.0.0'), port });

const policy = z.strictObject({
  transferTries: count.optional(),
  retryPause: seconds.optional(),
  longestPause: seconds.optional(),
  exchangeTimeout: seconds.optional(),
  restartTimeout: seconds.optional(),
  eraseTries: count.optional(),
  credentialMargin: seconds.optional(),
});

const localOrders = z.strictObject({
  deadline: seconds.default(Seconds(3_600)),
  /** How many one device may order at its panel. */
  panel: z
    .strictObject({ burst: count.default(3), interval: seconds.default(Seconds(60)) })
    .default({ burst: 3, interval: Seconds(60) }),
});

const uplink = z.strictObject({
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
const requests = z.strictObject({
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
const below = listener.extend({
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

/** Software that is kept ready for orders at the site; its images do not give way to others. */
const shelf = z.strictObject({
  mostEntries: count.default(32),
  /** Of all its images together. */
  mostBytes: count.default(8 * 1_024 ** 3),
});

const operation = z.strictObject({
  /** The Unix socket of the operation port, when `operation.sock` in the data directory has too long a path. */
  socket: z.string().min(1).optional(),
});

/** The intermediary's own software is updated like that of a device (U21). */
const ownSoftware = z.strictObject({
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

/** Where peers and operators with a listed SSH key leave software, by SFTP. */
const drop = listener.extend({
  /** Public keys as in OpenSSH's `authorized_keys`, without options; read at every login. */
  authorizedKeysFile: z.string().min(1),
  /** Its own SSH key, `drop-host-key` in the data directory unless given; made where there is none. */
  hostKeyFile: z.string().min(1).optional(),
  /** Of all bundles that are on their way, before they are imported. */
  mostBytes: count.default(4 * 1_024 ** 3),
  longestUpload: seconds.default(Seconds(3_600)),
});

/** Requests that come down by mail (R9); what the server gives by poll comes all the same. */
const mail = z.strictObject({
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

const noticeListener = listener.extend({
  /**
   * Told to devices with every credential, for those that are configured for another intermediary. Without a port: the
   * one that is listened on.
   */
  advertised: z.strictObject({ host: z.string().min(1).max(255), port: port.min(1).optional() }).optional(),
});

const scheduleEntry = z.strictObject({
  task: z.enum(['check-versions', 'collect-logs', 'read-counters']),
  /** `every SECONDS`, an ISO 8601 period such as `PT6H`, or a cron expression of five fields such as `0 3 * * 1-5`. */
  expression: z
    .string()
    .min(1)
    .max(64)
    .superRefine((expression, context) => {
      const mistake = rhythmMistake(expression);
      if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake });
    }),
});

/** What devices say on their own accord. */
const notices = z.strictObject({
  /** How many of one device are taken at once, and in which time one more. */
  burst: count.default(20),
  interval: seconds.default(Seconds(3)),
  /** How many of all devices wait for a node above that stays away; beyond it the oldest are given up, and counted. */
  mostWaiting: count.default(1_000),
});

const calls = z.strictObject({
  /** How long a device waits for the answer to a user call before it is told that the call failed. */
  answerWithin: seconds.default(Seconds(20)),
  /** How long after a call a late answer is still worth showing on the panel. */
  keepResults: seconds.default(Seconds(86_400)),
});

/** Durations are written in seconds; fractions are allowed. */
const fields = z.strictObject({
  /** Database and images. */
  dataDir: z.string().min(1),
  /** The node's certificate, key and CA; its name is the intermediary's. */
  identityDir: z.string().min(1),
  /** Who of the CA's nodes is trusted no more (PEM, `postern pki crl`); followed while the intermediary runs. */
  revocationListFile: z.string().min(1).optional(),
  /** Left out where the site works alone: nothing is polled, and software comes from the shelf only. */
  uplink: uplink.optional(),
  /** Left out where no other intermediary is below this one. */
  below: below.optional(),
  /** For devices: mutual TLS. */
  secure: listener,
  /** For devices' start notifications: plain HTTP. */
  notice: noticeListener,
  /** Public keys (PEM) of the vendors whose software may be installed. */
  vendorKeyFiles: z.array(z.string().min(1)).min(1),
  /** How many of them must have signed. */
  vendorThreshold: count.default(1),
  shelf: shelf.default({ mostEntries: 32, mostBytes: 8 * 1_024 ** 3 }),
  /** Left out where nobody drops software. */
  drop: drop.optional(),
  /** Left out where no request comes by mail. The identity bundle needs a mail identity. */
  mail: mail.optional(),
  /** Left out where the software of this intermediary is updated by other means. */
  ownSoftware: ownSoftware.optional(),
  /** Where people at the site order; `false` for nowhere. */
  operation: z.union([z.literal(false), operation]).default({}),
  /** What is done by itself, until SetSchedule or the operation port says otherwise. */
  schedule: z.array(scheduleEntry).max(64).default([]),
  /** Whose clock the cron expressions of the schedule mean: an IANA name such as `Europe/Berlin`. */
  scheduleTimeZone: z.string().refine(isTimeZone, 'is no time zone').default('UTC'),
  policy: policy.default({}),
  /** How updates run unless `devices` or the order says otherwise; the TLS mode is said here only. */
  scheme: schemeSchema.default({}),
  devices: devicesSchema.default({}),
  /** Whether who registers with a certificate of the CA is a device of the site, or has to be adopted first. */
  adoption: z.enum(['automatic', 'confirm']).default('automatic'),
  /** Devices that were found and not adopted; of more the oldest are forgotten. */
  mostCandidates: count.max(1_000).default(256),
  search: searchSchema,
  connections: z
    .strictObject({
      /** Each device is asked as often whether it is alive; never unless given. */
      checkEvery: z
        .number()
        .min(10)
        .max(31 * 86_400)
        .transform(Seconds)
        .optional(),
    })
    .prefault({}),
  /** Orders at the site itself: at a device's panel, at the operation port, by the schedule. */
  localOrders: localOrders.default({ deadline: Seconds(3_600), panel: { burst: 3, interval: Seconds(60) } }),
  notices: notices.default({ burst: 20, interval: Seconds(3), mostWaiting: 1_000 }),
  calls: calls.default({ answerWithin: Seconds(20), keepResults: Seconds(86_400) }),
  /** Devices that are updated at a time. */
  concurrency: count.default(16),
  /** Room for images. */
  cacheBytes: count.default(16 * 1_024 ** 3),
  requests: requests.prefault({}),
  mostOpenRequests: count.max(65_535).default(1_000),
  /** Updates of one device that wait or run. */
  mostUpdatesPerDevice: count.default(4),
  /** Start notifications of one device that nothing proves. */
  unprovedStarts: z
    .strictObject({ burst: count.default(5), interval: seconds.default(Seconds(10)) })
    .default({ burst: 5, interval: Seconds(10) }),
});

const schema = fields.superRefine((config, context) => {
  if (config.mail !== undefined && config.uplink === undefined) {
    context.addIssue({ code: 'custom', path: ['mail'], message: 'needs `uplink`: there answers go up' });
  }
  for (const [place, { task }] of config.schedule.entries()) {
    if (task === 'check-versions' || config.uplink !== undefined) continue;
    const message = 'needs `uplink`: what is read goes up';
    context.addIssue({ code: 'custom', path: ['schedule', place, 'task'], message });
  }
  for (const { path, message } of linkMistakes(config)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

/** What an operator writes. */
export type IntermediaryConfigInput = z.input<typeof schema>;

/** A checked configuration, with defaults in place and durations as such. */
export type IntermediaryConfig = z.output<typeof schema>;

/** Where intermediaries below call. */
export type BelowConfig = NonNullable<IntermediaryConfig['below']>;

/** The SFTP drop. */
export type DropConfig = NonNullable<IntermediaryConfig['drop']>;

/** How mail is taken. */
export type MailConfig = NonNullable<IntermediaryConfig['mail']>;

/** How the own software is updated. */
export type OwnSoftwareConfig = NonNullable<IntermediaryConfig['ownSoftware']>;

/**
 * Checks a configuration; unknown keys are refused.
 *
 * @throws PosternError `config-invalid`, naming every mistake
 */
export const parseConfig = (input: unknown): IntermediaryConfig => {
  const result = schema.safeParse(input);
  if (result.success) return freeze(result.data);
  const mistakes = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`,
  );
  throw intermediaryError('config-invalid', mistakes.join('; '));
};

/** The site's policy: the default one with what is configured. */
export const sitePolicy = ({ policy: overrides }: IntermediaryConfig): UpdaterPolicy => {
  const set = Object.entries(overrides).filter(
    (entry): entry is [string, number | Duration] => entry[1] !== undefined,
  );
  return { ...DEFAULT_POLICY, ...Object.fromEntries(set) };
};

const freeze = <T extends object>(value: T): T => {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
};
