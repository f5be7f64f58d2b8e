import { z } from 'zod';
import { serverError } from './errors.ts';

const LONGEST = 2_678_400;
const seconds = (initial: number) => z.int().min(1).max(LONGEST).default(initial);
const count = (initial: number) => z.int().min(1).max(10_000_000).default(initial);
const bytes = (initial: number) => z.int().min(1).max(Number.MAX_SAFE_INTEGER).default(initial);
const port = z.int().min(0).max(65_535);
const listener = (initialPort: number) =>
  z.strictObject({
    /** Address to listen on. */
    host: z.string().min(1).default('127.0.0.1'),
    /** 0: any free port. */
    port: port.default(initialPort),
  });

const limits = z.strictObject({
  /** Longest image, bytes. */
  imageBytes: bytes(4 * 1024 ** 3),
  /** All images together, bytes. */
  imageStoreBytes: bytes(64 * 1024 ** 3),
  /** Longest JSON body, and longest message of the operators' contract, bytes. */
  jsonBodyBytes: bytes(128 * 1024),
  /** Connections to the uplink. */
  uplinkConnections: count(10_000),
  /** Connections to the REST interface. */
  restConnections: count(256),
  /** Polls held open at a time; further ones are answered at once. */
  heldPolls: count(10_000),
  /** Requests in one poll answer. */
  requestsPerPoll: z.int().min(1).max(256).default(64),
  devicesPerIntermediary: count(10_000),
  /** Server-sent event streams at a time. */
  watchers: count(64),
  /** Reads that wait for the end of a request or order, at a time. */
  waitingReads: count(64),
  /** Finished updates that are kept. */
  finishedUpdates: count(100_000),
  /** Finished updates whose journals are kept. */
  journals: count(10_000),
  /** Requests about no update that one intermediary has not answered. */
  openRequestsPerIntermediary: count(1_000),
  /** Such requests that have ended and are kept. */
  finishedRequests: count(10_000),
  notices: count(10_000),
  auditRecords: count(10_000),
});

/** The mail server that takes mail from here. */
const relay = z.strictObject({
  host: z.string().min(1).max(255),
  port: port.min(1).default(587),
  /** `starttls` sends nothing when the relay offers none. */
  tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
  /** Who issued its certificate (PEM), where the system does not know him. */
  caFile: z.string().min(1).optional(),
  /** User name and password, one a line; readable by the server's user only. */
  authFile: z.string().min(1).optional(),
});

/** The server's only connections outwards, opened where requests may go down by mail (R9). */
const mail = z.strictObject({
  relay,
  /** The sender; what comes back goes there. */
  from: z.email().max(200),
  /** By the name of those that can be reached so. */
  intermediaries: z.record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'is no name of a node'),
    z.strictObject({
      address: z.email().max(200),
      /** Its mail.pem; read for every mail. */
      certificateFile: z.string().min(1),
    }),
  ),
});

/** How fast deliveries may come; what is refused waits at the site. */
const rate = (burst: number, perMinute: number) =>
  z.strictObject({ burst: count(burst), perMinute: count(perMinute) }).prefault({});

/** What devices say on their own accord. */
const notices = z.strictObject({
  perIntermediary: rate(2_000, 6_000),
  perDevice: rate(1_000, 60),
});

/** User calls. */
const calls = z.strictObject({
  /** `automatic`: at once, with `text`. `operator`: by people, see POST /api/v1/notices/<id>/answer. */
  answering: z.enum(['automatic', 'operator']).default('automatic'),
  /** What an automatic answer says. */
  text: z.string().min(1).max(1_024).default('Your call was received'),
  /** What a caller reads until an operator answers. */
  pendingText: z.string().min(1).max(1_024).default('Your call was received; an answer follows'),
  /** How long a call waits for an operator. */
  openSeconds: seconds(604_800),
  /** How long an operator's answer waits for its site. */
  keepAnswersSeconds: seconds(86_400),
  /** Calls of one intermediary that wait for an operator; further ones fail at once. */
  mostOpen: count(1_000),
});

const schema = z.strictObject({
  /** Database, images and operator token. Used by this process alone. */
  dataDir: z.string().min(1),
  /** The server's identity bundle. */
  identityDir: z.string().min(1),
  /** Who of the CA's nodes is trusted no more (PEM, `postern pki crl`); followed while the server runs. */
  revocationListFile: z.string().min(1).optional(),
  uplink: listener(8443).prefault({}),
  rest: listener(8444).prefault({}),
  /** Public keys (PEM) of the vendors whose software may be registered. */
  vendorKeyFiles: z.array(z.string().min(1)).max(64).default([]),
  /** How many of them must have signed. */
  vendorThreshold: z.int().min(1).max(8).default(1),
  /** Left out where nothing goes down by mail. */
  mail: mail.optional(),
  /** A poll is held no longer than this. */
  holdSecondsMax: seconds(60),
  /** When intermediaries are asked to poll again whose polls are not held, by their wish or for want of room. */
  nextPollSeconds: seconds(30),
  /** How long times of last contact are collected before they are written. */
  lastSeenSeconds: seconds(300),
  calls: calls.prefault({}),
  notices: notices.prefault({}),
  limits: limits.prefault({}),
});

/** What may be given; the rest has defaults. */
export type ServerConfigInput = DeepReadonly<z.input<typeof schema>>;

/** The complete configuration, frozen. */
export type ServerConfig = DeepReadonly<z.output<typeof schema>>;

/** How requests go down by mail. */
export type MailConfig = NonNullable<ServerConfig['mail']>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/**
 * Checks a configuration and adds the defaults. Unknown fields are refused.
 *
 * @throws PosternError `config-invalid` naming every wrong field
 */
export const parseServerConfig = (input: unknown): ServerConfig => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return freeze(parsed.data);
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`,
  );
  throw serverError('config-invalid', problems.join('; '));
};

const freeze = <T extends object>(value: T): T => {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
};
