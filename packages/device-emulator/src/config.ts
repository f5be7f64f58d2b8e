import { parseIdentity } from '@postern/core';
import { z } from 'zod';
import { isProfilePath, shippedProfiles } from './adapters/profiles/profile-files.ts';
import { type DeviceFaults, faultsSchema } from './fault-table.ts';

const isNodeName = (name: string): boolean => {
  try {
    parseIdentity(`urn:postern:device:${name}`);
    return true;
  } catch {
    return false;
  }
};

const nodeName = z.string().refine(isNodeName, 'Expected 1–64 letters, digits and . _ - after the first');

const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

const address = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    /** 0: chosen by the system at the first start, and kept from then on. */
    port: z.int().min(0).max(65_535).default(0),
    advertisedHost: z.string().min(1).optional(),
    /** Where others connect, when a proxy or a forwarded port stands in between; the port itself unless given. */
    advertisedPort: z.int().min(1).max(65_535).optional(),
  })
  .refine(({ host, advertisedHost }) => advertisedHost !== undefined || !WILDCARDS.includes(host), {
    message: 'A device that listens on every address needs advertisedHost: others must know where to connect',
  });

/** RFC 6762 §3. */
const MULTICAST_DNS = 5_353;

/** One that comes with the package, by name, or the path of a file. */
const profile = z
  .string()
  .min(1)
  .refine((name) => isProfilePath(name) || shippedProfiles().includes(name), {
    error: () => `Expected a path, or one of ${shippedProfiles().join(', ')}`,
  })
  .default('mfp');

const device = z
  .strictObject({
    id: nodeName,
    profile,
    model: z.string().min(1).max(64).optional(),
    identityDir: z.string().min(1),
    soap: address.prefault({}),
    ftp: address.prefault({}),
    /** Takes requests without secrets in plain HTTP; without it nothing does. */
    plain: address.optional(),
    /** Who proves to be who on the secure path; the intermediary's `devices.NAME.tls` must say the same. */
    secureLink: z.enum(['mutual', 'intermediary-authenticated', 'device-authenticated']).default('mutual'),
    /** Stand-alone update tools that may call the device beside its intermediary. */
    updaters: z.array(nodeName).max(16).default([]),
    /** The profile's unless given. */
    bulkPathKind: z.enum(['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp']).optional(),
    /** `none`: the device believes only signed times; `timeKeyFiles` say whose. */
    clock: z.enum(['real-time', 'none']).default('real-time'),
    /** Made by `postern passwords generate`, or nothing. */
    passwordListFile: z.string().min(1).optional(),
    /** The one kind of erasure password that the device can make; as it is asked to unless given. */
    erasure: z.enum(['random', 'fixed']).optional(),
    /** Who makes the password of an update that is ordered at the panel. */
    panelOrders: z.enum(['updater', 'target']).default('updater'),
    /** From power to an engine that works, in seconds; the profile's unless given. */
    engineStartUp: z.number().min(0).max(3_600).optional(),
    /** How long a call for service may go unanswered before the panel says that it has failed, in seconds. */
    callTimeout: z.number().positive().max(3_600).default(30),
    requireManifest: z.boolean().default(true),
    faults: faultsSchema.default({}),
  })
  .refine(({ secureLink, requireManifest }) => secureLink !== 'device-authenticated' || requireManifest, {
    path: ['requireManifest'],
    message:
      'A device that takes any caller (secureLink: device-authenticated) must require a signed manifest',
  });

/** How devices make themselves known to whoever searches for them. */
const announce = z.strictObject({
  /** By multicast DNS: `true`, or on which port and which interface (its address). */
  dnsSd: z
    .union([
      z.boolean().transform((on) => (on ? { port: MULTICAST_DNS } : undefined)),
      z.strictObject({
        port: z.int().min(1).max(65_535).default(MULTICAST_DNS),
        interface: z.ipv4().optional(),
      }),
    ])
    .default({ port: MULTICAST_DNS }),
});

/** Configuration of a process that hosts devices. Unknown keys are refused. */
export const deviceConfigSchema = z
  .strictObject({
    /** Each device has a directory of its own name in it. */
    dataDir: z.string().min(1),
    devices: z.array(device).min(1).max(10_000),
    intermediary: z.strictObject({
      name: nodeName,
      secureUrl: z.url({ protocol: /^https$/ }),
      noticeUrl: z.url({ protocol: /^http$/ }),
    }),
    /** Who of the CA's nodes is trusted no more (PEM, `postern pki crl`); followed while the devices run. */
    revocationListFile: z.string().min(1).optional(),
    /** Left out where devices keep to themselves. */
    announce: announce.optional(),
    /** Public keys in PEM. */
    vendorKeyFiles: z.array(z.string().min(1)).min(1),
    /** How many different vendor keys must have signed. */
    vendorThreshold: z.int().min(1).default(1),
    /** Public keys in PEM of who signs the time for devices without a clock. */
    timeKeyFiles: z.array(z.string().min(1)).max(8).default([]),
    /** Shows the devices' panels in a browser; without it nothing does. Whoever reaches it may press keys. */
    panelPage: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        /** 0: chosen by the system. */
        port: z.int().min(0).max(65_535).default(0),
        /** Names under which it may be asked for, beside those of loopback and `host`. */
        names: z.array(z.string().min(1).max(253)).max(16).default([]),
      })
      .optional(),
  })
  .refine(({ vendorKeyFiles, vendorThreshold }) => vendorThreshold <= vendorKeyFiles.length, {
    path: ['vendorThreshold'],
    message: 'More signatures than there are vendor keys can never be met',
  })
  .refine(
    ({ devices, timeKeyFiles }) => timeKeyFiles.length > 0 || devices.every(({ clock }) => clock !== 'none'),
    {
      path: ['timeKeyFiles'],
      message: 'A device without a clock needs the public key of a time signer',
    },
  );

export type DeviceFleetConfig = z.output<typeof deviceConfigSchema>;
export type DeviceFleetConfigInput = z.input<typeof deviceConfigSchema>;

/** Leaves out what was not given, so that absent and undefined are one thing from here on. */
export const givenFaults = (parsed: DeviceFleetConfig['devices'][number]['faults']): DeviceFaults =>
  Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
