import { type Duration, Seconds } from '@postern/core';
import { DEFAULT_POLICY, type UpdaterPolicy } from '@postern/software-update';
import { z } from 'zod';
import { calls, noticeListener, notices } from './config/devices.ts';
import { operation, scheduleEntry } from './config/operation.ts';
import { below, mail, requests, uplink } from './config/other-nodes.ts';
import { drop, localOrders, ownSoftware, policy, shelf } from './config/software.ts';
import { count, listener, seconds } from './config/values.ts';
import { isTimeZone } from './domain/local/cron.ts';
import { linkMistakes } from './domain/schemes/link-mistakes.ts';
import { devicesSchema, schemeSchema } from './domain/schemes/link-schema.ts';
import { searchSchema } from './domain/search/search-schema.ts';
import { intermediaryError } from './errors.ts';

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
