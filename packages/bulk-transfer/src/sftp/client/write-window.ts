import type { SftpRequests } from './sftp-requests.ts';

/** Bytes of one WRITE: with its head it fits into one packet of any server (ssh2 sends larger ones in turns). */
export const PIECE = 31 * 1_024;

/** WRITEs that may be on their way: about a megabyte, enough for a gigabit at 8 ms. */
const MOST_ON_THE_WAY = 32;

/** Sends one piece after the other without waiting for each answer, and never more than a window of them. */
export class WriteWindow {
  readonly #sftp: SftpRequests;
  readonly #handle: Buffer;
  readonly #onTaken: (bytes: number) => void;
  #offset: number;
  #onTheWay = 0;
  #failure: unknown;
  #wake: () => void = () => {};

  constructor(sftp: SftpRequests, handle: Buffer, offset: number, onTaken: (bytes: number) => void) {
    this.#sftp = sftp;
    this.#handle = handle;
    this.#offset = offset;
    this.#onTaken = onTaken;
  }

  /** Resolves as soon as there is room for the next. Rejects with what any of them failed with. */
  async send(piece: Uint8Array): Promise<void> {
    this.#onTheWay += 1;
    this.#sftp.write(this.#handle, this.#offset, piece).then(
      () => {
        this.#onTaken(piece.length);
        this.#answered();
      },
      (error: unknown) => {
        this.#failure ??= error;
        this.#answered();
      },
    );
    this.#offset += piece.length;
    await this.#until(MOST_ON_THE_WAY - 1);
  }

  /** Resolves when all are answered. Rejects with what any of them failed with. */
  drained(): Promise<void> {
    return this.#until(0);
  }

  #answered(): void {
    this.#onTheWay -= 1;
    this.#wake();
  }

  async #until(most: number): Promise<void> {
    while (this.#onTheWay > most && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}
