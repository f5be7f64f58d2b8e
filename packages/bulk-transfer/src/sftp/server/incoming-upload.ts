import { type Clock, PosternError } from '@postern/core';
import type { BulkReceiver, BulkServiceSession } from '@postern/software-update';
import { ask, beginReceiving, giveUpReceiving, type ServiceScope } from '../../common/service-calls.ts';
import { TransferWatch } from '../../common/transfer-watch.ts';
import { Interruptible } from './interruptible.ts';
import type { SftpLimits } from './limits.ts';

export interface UploadScope extends ServiceScope {
  readonly clock: Clock;
  readonly limits: SftpLimits;
  readonly view: BulkServiceSession;
  /** The client sends too slowly. */
  readonly onStall: () => void;
}

/**
 * One file that is being written. Where it begins is known with its first byte, and from there on byte follows byte:
 * a receiver hashes while it takes. It gets exactly one `finish` or one `abort`.
 */
export class IncomingUpload {
  readonly #scope: UploadScope;
  readonly #name: string;
  readonly #watch: TransferWatch;
  readonly #writes: Interruptible;
  #receiver: BulkReceiver | undefined;
  #next = 0;
  #failure: unknown;
  #ended = false;

  constructor(scope: UploadScope, name: string) {
    this.#scope = scope;
    this.#name = name;
    this.#writes = new Interruptible(scope.ending);
    this.#watch = new TransferWatch({
      clock: scope.clock,
      interval: scope.limits.slowTransferInterval,
      leastBytes: scope.limits.slowTransferBytes,
      localPatience: scope.serviceTime,
      onStall: (side) => (side === 'peer' ? scope.onStall() : this.#writes.interrupt(receiverStalled())),
    });
  }

  /** @throws what the service refuses with */
  async begin(offset: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#receiver = await this.#watch.waitLocally(() =>
        beginReceiving(this.#scope, this.#scope.view, this.#name, offset),
      );
      this.#next = offset;
    } catch (error) {
      await this.#giveUp(error);
    }
  }

  /** @throws PosternError `transfer-out-of-order`, or what the receiver refuses with; then again at every call */
  async write(offset: number, data: Uint8Array): Promise<void> {
    if (this.#receiver === undefined) await this.begin(offset);
    if (this.#failure !== undefined) throw this.#failure;
    try {
      if (offset !== this.#next) {
        throw new PosternError('transfer-out-of-order', `Byte ${this.#next} was to come next`);
      }
      this.#watch.moved(data.length);
      const receiver = this.#open();
      await this.#watch.waitLocally(() => this.#writes.run(() => receiver.write(data)));
      this.#next += data.length;
    } catch (error) {
      await this.#giveUp(error);
    }
  }

  /**
   * The file is complete, says the client; the receiver decides.
   *
   * @returns the receiver's words
   */
  async finish(): Promise<string> {
    this.#stopWatching();
    if (this.#receiver === undefined && this.#failure === undefined) {
      const { view } = this.#scope;
      await this.begin((await ask(this.#scope, 'Asking for a size', () => view.size(this.#name))) ?? 0);
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#ended = true;
    return ask(this.#scope, 'Finishing an upload', () => this.#open().finish());
  }

  /** The transfer broke; what arrived stays. */
  async abort(): Promise<void> {
    this.#stopWatching();
    if (this.#ended) return;
    this.#ended = true;
    if (this.#receiver !== undefined) await giveUpReceiving(this.#scope, this.#receiver);
  }

  async #giveUp(error: unknown): Promise<never> {
    this.#failure = error;
    await this.abort();
    throw error;
  }

  #stopWatching(): void {
    this.#watch.stop();
    this.#writes.stop();
  }

  #open(): BulkReceiver {
    if (this.#receiver === undefined) throw new TypeError('The upload has not begun');
    return this.#receiver;
  }
}

const receiverStalled = (): PosternError =>
  new PosternError('deadline-exceeded', 'Taking bytes took longer than it may');
