import { ftpBulkPath } from '@postern/bulk-transfer';
import { type DeviceOperations, deviceContract } from '@postern/contracts';
import {
  after,
  Milliseconds,
  Minutes,
  PosternError,
  Seconds,
  silentLogger,
  systemClock,
  systemEntropy,
} from '@postern/core';
import type { Device } from '@postern/device-emulator';
import { clientTlsOptions, type EnrolledNode } from '@postern/pki';
import { createSoapClient, type SoapClient } from '@postern/soap-rpc';
import {
  type BulkPath,
  DEFAULT_POLICY,
  DEFAULT_SCHEME,
  initialState,
  type JournalEntry,
  runUpdate,
  type UpdateJob,
  type UpdaterPolicy,
  type UpdaterState,
} from '@postern/software-update';
import type { TestIntermediary } from './intermediary.ts';
import type { Site } from './site.ts';
import { UPDATER } from './site.ts';
import type { Release } from './software.ts';
import { afterwards } from './temporary.ts';

/** As much of a device as its updater must know. */
export interface Target {
  readonly device: Pick<Device, 'id' | 'securePath'>;
}

/** The secure path to a device, as whoever `node` is. */
export const secureClient = (node: EnrolledNode, { device }: Target): SoapClient<DeviceOperations> => {
  const { host, port } = device.securePath ?? { host: '127.0.0.1', port: 1 };
  const client = createSoapClient(deviceContract, {
    url: `https://${host}:${port}/device`,
    tls: clientTlsOptions(node, { expect: { role: 'device', name: device.id } }),
    clock: systemClock,
    deadline: Seconds(10),
  });
  afterwards(() => client.close());
  return client;
};

const POLICY: UpdaterPolicy = {
  ...DEFAULT_POLICY,
  retryPause: Milliseconds(20),
  longestPause: Milliseconds(100),
  restartTimeout: Seconds(15),
};

export const bulkPath: BulkPath = ftpBulkPath({ clock: systemClock, logger: silentLogger });

export const newJob = (
  { device }: Target,
  software: Release,
  policy: Partial<UpdaterPolicy> = {},
): UpdateJob => ({
  jobId: `job-${Buffer.from(systemEntropy.bytes(6)).toString('hex')}`,
  deviceId: device.id,
  updaterId: UPDATER,
  signedManifest: software.signedManifest,
  manifest: software.manifest,
  deadline: after(systemClock.now(), Minutes(1)),
  policy: { ...POLICY, ...policy },
  scheme: DEFAULT_SCHEME,
});

/** What an update left behind. */
export interface Outcome {
  readonly state: UpdaterState;
  /** `S104 done`, `S119 failed digest-mismatch`, … */
  readonly steps: readonly string[];
  /** Requests on the secure path. */
  readonly secureRequests: readonly string[];
  /** Image bytes that were sent. */
  readonly sentBytes: number;
  /** Where each transfer of the image began. */
  readonly offsets: readonly number[];
}

export interface UpdateOptions {
  readonly policy?: Partial<UpdaterPolicy>;
  readonly job?: UpdateJob;
  readonly onStep?: (step: string) => void;
  readonly onSent?: (bytes: number) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Runs an update as an intermediary would: the real machine on real sockets. */
export const update = async (
  site: Site,
  target: Target,
  software: Release,
  options: UpdateOptions = {},
): Promise<Outcome> => {
  const job = options.job ?? newJob(target, software, options.policy);
  const steps: string[] = [];
  const secureRequests: string[] = [];
  let sentBytes = 0;
  const offsets: number[] = [];
  const client = secureClient(site.intermediaryNode, target);
  const base = { userName: UPDATER, jobId: job.jobId };
  const state = await runUpdate(
    initialState,
    job,
    {
      clock: systemClock,
      entropy: systemEntropy,
      logger: silentLogger,
      journal: {
        commit: (_, entries) => {
          for (const entry of entries) note(entry, steps, options.onStep);
        },
      },
      images: {
        prepare: async () => 'already here',
        open: async function* (sha256, offset) {
          offsets.push(offset);
          const image = software.images.get(sha256) ?? Buffer.alloc(0);
          for (let at = offset; at < image.length; at += 65_536) {
            const piece = image.subarray(at, at + 65_536);
            yield piece;
            sentBytes += piece.length;
            await options.onSent?.(sentBytes);
          }
        },
      },
      securePath: {
        share: async (_, credential, signal) => {
          if (credential === undefined) throw new TypeError('There is nothing to share');
          const { oneTimePassword, reportKey, nonce } = credential;
          secureRequests.push('share');
          const request = {
            ...base,
            oneTimePassword,
            lifetimeSeconds: 300,
            signedManifest: job.signedManifest,
            reportKey: Buffer.from(reportKey, 'hex'),
            nonce,
          };
          const answer = await client.call('StoreOneTimePassword', request, { signal });
          if (answer.bulkPath === undefined) throw new PosternError('response-invalid', 'No bulk path');
          const target = {
            endpoint: answer.bulkPath,
            manifestChecked: answer.manifestChecked === true,
            authenticatedReports: answer.authenticatedReports === true,
          };
          return { target };
        },
        erase: async (_, __, signal) => {
          secureRequests.push('erase');
          const oneTimePassword = Buffer.from(systemEntropy.bytes(32)).toString('base64url');
          const erasure = { ...base, oneTimePassword, lifetimeSeconds: 1, purpose: 'erasure' } as const;
          await client.call('StoreOneTimePassword', erasure, { signal });
        },
      },
      bulkPath,
      mailbox: mailboxOf(site.intermediary),
      onProgress: () => {},
    },
    options.signal ?? new AbortController().signal,
  );
  return { state, steps, secureRequests, sentBytes, offsets };
};

const note = (
  { step, outcome, code }: JournalEntry,
  steps: string[],
  onStep?: (step: string) => void,
): void => {
  const line = code === undefined ? `${step} ${outcome}` : `${step} ${outcome} ${code}`;
  steps.push(line);
  onStep?.(line);
};

const mailboxOf = (intermediary: TestIntermediary) => {
  let taken = intermediary.starts.length;
  return {
    nextStart: async (signal: AbortSignal): Promise<string | undefined> => {
      try {
        if (intermediary.starts.length <= taken) await intermediary.nextStart(signal);
      } catch {
        return undefined;
      }
      taken = intermediary.starts.length;
      return intermediary.starts.at(-1)?.notice.program;
    },
    forgetStarts: () => {
      taken = intermediary.starts.length;
    },
    cancelled: new AbortController().signal,
    acknowledged: async () => {},
  };
};
