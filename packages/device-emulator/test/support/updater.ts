import { bulkPaths } from '@postern/bulk-transfer';
import { type DeviceOperations, type device, deviceContract } from '@postern/contracts';
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
  type BulkEndpoint,
  type BulkPath,
  DEFAULT_POLICY,
  DEFAULT_SCHEME,
  initialState,
  type JournalEntry,
  type ListedPasswords,
  makeNonce,
  type OneTimeScheme,
  runUpdate,
  type Shared,
  type ShareResult,
  type UpdateCredential,
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

export const bulkPath: BulkPath = bulkPaths({ clock: systemClock, logger: silentLogger });

export const newJob = (
  { device }: Target,
  software: Release,
  { policy = {}, scheme = {} }: Pick<UpdateOptions, 'policy' | 'scheme'> = {},
): UpdateJob => ({
  jobId: `job-${Buffer.from(systemEntropy.bytes(6)).toString('hex')}`,
  deviceId: device.id,
  updaterId: UPDATER,
  signedManifest: software.signedManifest,
  manifest: software.manifest,
  deadline: after(systemClock.now(), Minutes(1)),
  policy: { ...POLICY, ...policy },
  scheme: { ...DEFAULT_SCHEME, ...scheme },
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
  readonly scheme?: Partial<OneTimeScheme>;
  readonly listedPasswords?: ListedPasswords;
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
  const job = options.job ?? newJob(target, software, options);
  const steps: string[] = [];
  const secureRequests: string[] = [];
  let sentBytes = 0;
  const offsets: number[] = [];
  const client = secureClient(site.intermediaryNode, target);
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
          secureRequests.push('share');
          return credential === undefined
            ? generated(client, job, signal)
            : { target: await stored(client, job, credential, signal) };
        },
        erase: async (_, __, signal) => {
          secureRequests.push('erase');
          await erased(client, job, signal);
        },
      },
      ...(options.listedPasswords === undefined ? {} : { listedPasswords: options.listedPasswords }),
      bulkPath,
      mailbox: mailboxOf(site.intermediary),
      onProgress: () => {},
    },
    options.signal ?? new AbortController().signal,
  );
  return { state, steps, secureRequests, sentBytes, offsets };
};

/** Fig 17: the password is made here and stored there. */
const stored = async (
  client: SoapClient<DeviceOperations>,
  job: UpdateJob,
  { oneTimePassword, reportKey, nonce }: UpdateCredential,
  signal: AbortSignal,
): Promise<ShareResult> => {
  const request = { ...shareRequest(job), oneTimePassword, reportKey: Buffer.from(reportKey, 'hex'), nonce };
  return shareResult(await client.call('StoreOneTimePassword', request, { signal }));
};

/** Fig 21: the device makes it and tells it in the answer. */
const generated = async (
  client: SoapClient<DeviceOperations>,
  job: UpdateJob,
  signal: AbortSignal,
): Promise<Shared> => {
  const nonce = makeNonce(systemEntropy);
  const answer = await client.call('GenerateOneTimePassword', { ...shareRequest(job), nonce }, { signal });
  const { oneTimePassword = '', reportKey = new Uint8Array() } = answer;
  return {
    target: shareResult(answer),
    credential: {
      userName: UPDATER,
      oneTimePassword,
      reportKey: Buffer.from(reportKey).toString('hex'),
      nonce,
    },
  };
};

const shareRequest = ({ jobId, signedManifest, keyRotations, signedTime }: UpdateJob) => ({
  userName: UPDATER,
  jobId,
  lifetimeSeconds: 300,
  signedManifest,
  ...(keyRotations === undefined ? {} : { keyRotations: { record: keyRotations } }),
  ...(signedTime === undefined ? {} : { signedTime }),
});

const shareResult = (answer: device.CredentialStored): ShareResult => {
  const { bulkPath, bulkPathKind, bulkHostKey } = answer;
  if (bulkPath === undefined) throw new PosternError('response-invalid', 'No bulk path');
  return {
    endpoint: {
      ...bulkPath,
      ...(bulkPathKind === undefined ? {} : { kind: bulkPathKind }),
      ...(bulkHostKey === undefined ? {} : { hostKey: bulkHostKey }),
    },
    manifestChecked: answer.manifestChecked === true,
    authenticatedReports: answer.authenticatedReports === true,
  };
};

const erased = async (
  client: SoapClient<DeviceOperations>,
  { jobId, scheme }: UpdateJob,
  signal: AbortSignal,
): Promise<void> => {
  const base = { userName: UPDATER, jobId };
  if (scheme.credential !== 'one-time-password') throw new TypeError('There is no secure path');
  if (scheme.eraser === 'target') {
    await client.call('ConcludeUpdate', { ...base, invalidation: scheme.invalidation }, { signal });
    return;
  }
  if (scheme.invalidation === 'request') {
    await client.call('InvalidateOneTimePassword', base, { signal });
    return;
  }
  const oneTimePassword = Buffer.from(systemEntropy.bytes(32)).toString('base64url');
  const erasure = { ...base, oneTimePassword, lifetimeSeconds: 1, purpose: 'erasure' } as const;
  await client.call('StoreOneTimePassword', erasure, { signal });
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

/** Whether a password opens the bulk path of a device: `accepted`, or the code of the refusal. */
export const login = async (
  {
    device,
    endpoint = device.bulkPath,
  }: {
    readonly device: Pick<Device, 'bulkPath'>;
    readonly endpoint?: BulkEndpoint | undefined;
  },
  oneTimePassword: string,
): Promise<string> => {
  if (endpoint === undefined) throw new Error('The device is off');
  try {
    const session = await bulkPath.open(
      endpoint,
      { userName: UPDATER, oneTimePassword },
      new AbortController().signal,
    );
    await session.close(Seconds(1));
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** The plain path of a device. */
export const plainClient = ({
  device,
}: {
  readonly device: Pick<Device, 'plainPath'>;
}): SoapClient<DeviceOperations> => {
  const client = createSoapClient(deviceContract, {
    url: `http://127.0.0.1:${device.plainPath?.port ?? 1}/device`,
    clock: systemClock,
    deadline: Seconds(10),
  });
  afterwards(() => client.close());
  return client;
};

export const newPassword = (): string => Buffer.from(systemEntropy.bytes(32)).toString('base64url');
