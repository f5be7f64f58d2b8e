import { after, type Entropy, PosternError } from '@postern/core';
import {
  invalidationCode,
  makeCredential,
  type OneTimeScheme,
  type SecurePath,
  type Shared,
  type UpdateCredential,
  type UpdateJob,
} from '@postern/software-update';
import type { Running } from './in-memory-device.ts';
import type { ExchangeKind } from './in-memory-network.ts';
import { type Life, never } from './life.ts';

/** The network's part in the secure path: one exchange each, which it may lose, delay or cut. */
export interface SecureWire {
  /** From the updater to the device. */
  ask<T>(kind: ExchangeKind, signal: AbortSignal, work: (running: Running) => Promise<T>): Promise<T>;
  /** From the device to the updater, while the updater waits for its own exchange. */
  tell(deliver: () => void): Promise<void>;
}

export interface SecurePathOptions {
  readonly wire: SecureWire;
  /** The device's own. */
  readonly entropy: Entropy;
  /** The updater's process. */
  readonly life: Life;
  /** The device takes requests without secrets in plain HTTP. */
  readonly plainPath: boolean;
  /** Told every password that a device makes. */
  readonly onMade: (oneTimePassword: string) => void;
}

/** The secure path as one life of the updater uses it, in every way that a scheme may choose. */
export const inMemorySecurePath = (options: SecurePathOptions): SecurePath => ({
  share: (job, credential, signal) => {
    const { passwordGenerator } = oneTime(job);
    if (passwordGenerator === 'target') return targetShares(options, job, signal);
    if (credential === undefined) throw new TypeError('There is nothing to share');
    return options.wire.ask('share', signal, async (running) => {
      await store(running, job, credential);
      return { target: SHARED };
    });
  },
  erase: (job, credential, signal) =>
    oneTime(job).eraser === 'target'
      ? targetErases(options, job, signal)
      : updaterErases(options, job, credential, signal),
});

export const SHARED = {
  endpoint: { host: 'device.invalid', port: 21 },
  manifestChecked: true,
  authenticatedReports: true,
};

/** The device takes the credential, as a request on the secure path would bring it. */
export const store = ({ target }: Running, job: UpdateJob, credential: UpdateCredential): Promise<void> =>
  target.storeCredential({
    userName: job.updaterId,
    oneTimePassword: credential.oneTimePassword,
    reportKey: credential.reportKey,
    nonce: credential.nonce,
    jobId: job.jobId,
    expiresAt: after(job.deadline, job.policy.credentialMargin),
    signedManifest: job.signedManifest,
  });

/**
 * Fig 21. In the answer; or, when the device was asked in plain HTTP, by a request of its own, before which it keeps
 * nothing. What has arrived here counts even when the device's answer then gets lost: its login will tell.
 */
const targetShares = async (
  { wire, entropy, life, plainPath, onMade }: SecurePathOptions,
  job: UpdateJob,
  signal: AbortSignal,
): Promise<Shared> => {
  let arrived: UpdateCredential | undefined;
  const taken = (credential: UpdateCredential): void => {
    if (!life.alive || signal.aborted) throw new PosternError('connection-lost', 'Nobody waits for it');
    arrived = credential;
  };
  try {
    const credential = await wire.ask('share', signal, async (running) => {
      const made = makeCredential(entropy, job.updaterId);
      onMade(made.oneTimePassword);
      if (plainPath)
        await whileOn(
          running,
          wire.tell(() => taken(made)),
        );
      await store(running, job, made);
      return made;
    });
    return { target: SHARED, credential };
  } catch (error) {
    if (arrived === undefined || signal.aborted) throw error;
    return { target: SHARED, credential: arrived };
  }
};

/** Fig 24: only the device's own word counts, not its answer. */
const targetErases = async (
  { wire, life }: SecurePathOptions,
  job: UpdateJob,
  signal: AbortSignal,
): Promise<void> => {
  let told = false;
  try {
    await wire.ask('erase', signal, async (running) => {
      await running.target.endCredential('erase', job.updaterId, job.jobId);
      await whileOn(
        running,
        wire.tell(() => {
          if (life.alive) told = true;
        }),
      );
    });
  } catch (error) {
    if (!told) throw error;
  }
  if (!told) throw new PosternError('response-invalid', 'The device never said that it ended its password');
};

/** Overwritten, or declared unusable; in plain HTTP the declaration bears a code, and it takes the credential to make one. */
const updaterErases = (
  { wire, plainPath }: SecurePathOptions,
  job: UpdateJob,
  credential: UpdateCredential | undefined,
  signal: AbortSignal,
): Promise<void> =>
  wire.ask('erase', signal, async ({ target }) => {
    const { deviceId, jobId, updaterId: userName } = job;
    if (oneTime(job).invalidation !== 'request') {
      await target.endCredential('erase', userName, jobId);
    } else if (plainPath && credential !== undefined) {
      const code = invalidationCode(credential.reportKey, { deviceId, userName, jobId });
      await target.invalidate(userName, jobId, code, 'anybody');
    } else {
      await target.invalidate(userName, jobId, undefined, 'authenticated');
    }
  });

const whileOn = <T>(running: Running, work: Promise<T>): Promise<T> =>
  work.then((result) => (running.life.alive ? result : never()));

const oneTime = ({ scheme }: UpdateJob): OneTimeScheme => {
  if (scheme.credential === 'password-list') throw new TypeError('A list has no secure path');
  return scheme;
};
