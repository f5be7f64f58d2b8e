import { updateError } from '../errors.ts';
import type { BulkReceiver } from '../ports/bulk-service.ts';

/**
 * One upload as the adapter sees it. A newer one supersedes it: what it has under way is waited for, its file is
 * closed, and every later chunk is refused, so that two sessions never write into one image.
 *
 * @spec X1
 */
export class Upload {
  #receiver: BulkReceiver | undefined;
  #underWay: Promise<unknown> = Promise.resolve();
  #superseded = false;

  /**
   * @param open makes the receiver; by then all uploads before have ended
   * @throws PosternError `transfer-refused` when a newer upload came meanwhile
   */
  begin(open: () => Promise<BulkReceiver>): Promise<BulkReceiver> {
    return this.#run(async () => {
      const receiver = await open();
      this.#receiver = receiver;
      return {
        write: (chunk) => this.#run(() => receiver.write(chunk)),
        finish: () =>
          this.#run(() => {
            this.#receiver = undefined;
            return receiver.finish();
          }),
        abort: async () => {
          if (this.#superseded) return;
          this.#receiver = undefined;
          await this.#run(() => receiver.abort());
        },
      };
    });
  }

  /** Resolves when nothing of this upload is written any more. Never rejects. */
  async supersede(): Promise<void> {
    this.#superseded = true;
    await this.#underWay.catch(() => {});
    const receiver = this.#receiver;
    this.#receiver = undefined;
    await receiver?.abort().catch(() => {});
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#superseded) {
      return Promise.reject(
        updateError('transfer-refused', 'A newer transfer has taken the place of this one'),
      );
    }
    const result = work();
    this.#underWay = result;
    return result;
  }
}
