/**
 * Where an updater that lets the device end its password learns that it has (Fig 24 S421–S425). The device says so on
 * the secure path; only that is believed. A notice that came while nobody waited counts for the next try.
 *
 * @spec U18
 */
export class ErasureNotices {
  readonly #erased = new Map<string, string>();

  /**
   * The device says that it has ended the password of a decided job.
   *
   * @param deviceId who proved on the secure path to say so; the caller has seen that the job is this device's
   */
  erased(jobId: string, deviceId: string): void {
    this.#erased.set(jobId, deviceId);
    // Far more than there can be decided updates of which nobody takes the notice.
    for (const oldest of this.#erased.keys()) {
      if (this.#erased.size <= MOST_NOTICES) break;
      this.#erased.delete(oldest);
    }
  }

  /** Whether the device has said so; asked once, for the notice is taken with it. */
  take(jobId: string, deviceId: string): boolean {
    const erased = this.#erased.get(jobId) === deviceId;
    if (erased) this.#erased.delete(jobId);
    return erased;
  }
}

const MOST_NOTICES = 1_000;
