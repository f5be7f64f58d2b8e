import { sameLogin } from '../conventional/conventional-device.ts';

/**
 * The one-time password as the patent's device keeps it: in clear, and overwritten by whatever comes next. An erasure
 * password is a password like any other; that nobody is told it is all that makes it one.
 *
 * @spec U1 U8 U12
 */
export class StoredPassword {
  #stored: { readonly userName: string; readonly password: string; readonly jobId: string } | undefined;

  store(userName: string, password: string, jobId: string): void {
    this.#stored = { userName, password, jobId };
  }

  /** @returns whether it was the password of this job */
  invalidate(jobId: string): boolean {
    if (this.#stored?.jobId !== jobId) return false;
    this.#stored = undefined;
    return true;
  }

  opens(userName: string, password: string): boolean {
    return this.#stored !== undefined && sameLogin(this.#stored, { userName, password });
  }
}
