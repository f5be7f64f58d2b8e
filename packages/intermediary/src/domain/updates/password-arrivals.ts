import type { intermediary } from '@postern/contracts';
import type { Entropy } from '@postern/core';
import { makeNonce, type UpdateJob } from '@postern/software-update';
import type { RegisteredDevice } from '../devices.ts';
import { bulkEndpoint } from './bulk-endpoint.ts';
import { answerPassword, type TakenPassword, targetCredential } from './target-password.ts';

interface Waiting {
  readonly job: UpdateJob;
  /** One for all tries of the device to bring its password: a lost answer is given again as it was. */
  readonly nonce: string;
  taken: TakenPassword | undefined;
}

/**
 * Where a share that asked for a password in plain HTTP meets the password, which comes over TLS (Fig 21 S403–S406).
 * Only while somebody waits, and only for the device of the job; in memory, for a share that is interrupted asks anew.
 *
 * @spec U15
 */
export class PasswordArrivals {
  readonly #waiting = new Map<string, Waiting>();
  readonly #entropy: Entropy;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /**
   * Waits for the password of a job for as long as `asking` takes.
   *
   * @returns what `asking` resolved to, and the password if it came
   */
  async during<T>(
    job: UpdateJob,
    asking: () => Promise<T>,
  ): Promise<{ readonly answer: T; readonly taken: TakenPassword | undefined }> {
    const waiting: Waiting = { job, nonce: makeNonce(this.#entropy), taken: undefined };
    this.#waiting.set(job.jobId, waiting);
    try {
      return { answer: await asking(), taken: waiting.taken };
    } finally {
      if (this.#waiting.get(job.jobId) === waiting) this.#waiting.delete(job.jobId);
    }
  }

  /**
   * Takes a password that the device brought, if somebody waits for it.
   *
   * @param device who proved on the secure path to bring it
   * @returns the answer; undefined when nobody waits for a password of this job from this device
   * @throws PosternError `bulk-path-not-allowed`, `device-unreachable`
   */
  take(
    device: RegisteredDevice,
    request: intermediary.StoreOneTimePassword,
  ): intermediary.StoreOneTimePasswordResponse | undefined {
    const waiting = this.#waiting.get(request.jobId);
    if (waiting === undefined || waiting.job.deviceId !== device.information.deviceId) return undefined;
    const { job, nonce } = waiting;
    waiting.taken = {
      credential: targetCredential(job, request, nonce, this.#entropy),
      target: {
        endpoint: bulkEndpoint(request, device, job.scheme.bulkPathKind),
        manifestChecked: request.manifestChecked ?? false,
        authenticatedReports: request.reportKey !== undefined,
      },
    };
    return answerPassword(job, nonce);
  }
}
