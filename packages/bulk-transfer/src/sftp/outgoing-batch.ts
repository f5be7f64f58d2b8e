import type { Socket } from 'node:net';

/** Bytes at which a batch leaves without waiting for the end of the round. */
const LARGEST_BATCH = 256 * 1_024;

/**
 * Sends together what one round of the event loop says: ssh2 writes each packet in three pieces, each of which would
 * cost a call of the system here and wake the other end for a few bytes.
 */
export class OutgoingBatch {
  readonly #socket: Socket;
  #collecting = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** What is written from now on leaves at the end of this round, or with a later packet of a batch that is too large. */
  collect(): void {
    if (this.#collecting) {
      if (this.#socket.writableLength < LARGEST_BATCH) return;
      this.flush();
    }
    this.#collecting = true;
    this.#socket.cork();
    setImmediate(() => this.flush());
  }

  /** Sends what has been collected now. */
  flush(): void {
    if (!this.#collecting) return;
    this.#collecting = false;
    this.#socket.uncork();
  }
}
