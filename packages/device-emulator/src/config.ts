import { Milliseconds, parseIdentity } from '@postern/core';
import { z } from 'zod';
import type { DeviceFaults } from './domain/faults.ts';
import { PROFILES } from './domain/profile.ts';

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

const milliseconds = z.number().transform(Milliseconds);

const faults = z
  .strictObject({
    crashAtBootOf: z.array(z.string()).readonly(),
    storageBytes: z.int().min(0),
    corruptSlotAfterSeal: z.boolean(),
    neverReturns: z.boolean(),
    ignoreUpdates: z.int().min(0),
    muteStartNotification: z.boolean(),
    notifyWithoutMac: z.boolean(),
    slowReceive: z.number().positive(),
    refuseLogins: z.boolean(),
    jobRunningFor: milliseconds,
    clockOffset: milliseconds,
  })
  .partial();

const device = z.strictObject({
  id: nodeName,
  profile: z.enum(Object.keys(PROFILES) as [keyof typeof PROFILES]).default('mfp'),
  model: z.string().min(1).max(64).optional(),
  identityDir: z.string().min(1),
  soap: address.prefault({}),
  ftp: address.prefault({}),
  requireManifest: z.boolean().default(true),
  faults: faults.default({}),
});

/** Configuration of a process that hosts devices. Unknown keys are refused. */
export const deviceConfigSchema = z.strictObject({
  /** Each device has a directory of its own name in it. */
  dataDir: z.string().min(1),
  devices: z.array(device).min(1).max(10_000),
  intermediary: z.strictObject({
    name: nodeName,
    secureUrl: z.url({ protocol: /^https$/ }),
    noticeUrl: z.url({ protocol: /^http$/ }),
  }),
  /** Public keys in PEM. */
  vendorKeyFiles: z.array(z.string().min(1)).min(1),
});

export type DeviceFleetConfig = z.output<typeof deviceConfigSchema>;
export type DeviceFleetConfigInput = z.input<typeof deviceConfigSchema>;

/** Leaves out what was not given, so that absent and undefined are one thing from here on. */
export const givenFaults = (parsed: DeviceFleetConfig['devices'][number]['faults']): DeviceFaults =>
  Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
