import type { Socket } from 'node:net';

/**
 * Sends together what one round of the event loop says: ssh2 writes each packet in three pieces, each of which would be
 * a call of the system and a segment of its own.
 */
export class OutgoingBatch {
  readonly #socket: Socket;
  #collecting = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** What is written from now on leaves at the end of this round. */
  collect(): void {
    if (this.#collecting) return;
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
