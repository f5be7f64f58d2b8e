import type { Socket } from 'node:net';

interface Waiting {
  readonly bytes: number;
  readonly work: () => Promise<void>;
}

/**
 * Carries requests out one after the other. ssh2 gives the client a new window whatever became of the last one, so the
 * only brake is the socket: it is not read while too much waits here.
 */
export class RequestQueue {
  readonly #socket: Socket;
  readonly #mostRequests: number;
  readonly #mostBytes: number;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;

  constructor(socket: Socket, mostRequests: number, mostBytes: number) {
    this.#socket = socket;
    this.#mostRequests = mostRequests;
    this.#mostBytes = mostBytes;
  }

  /** Resolves when the request that is being carried out has let go; `undefined` when none is. */
  get running(): Promise<void> | undefined {
    return this.#running;
  }

  push(bytes: number, work: () => Promise<void>): void {
    this.#waiting.push({ bytes, work });
    this.#bytes += bytes;
    if (this.#isFull()) this.#socket.pause();
    this.#running ??= this.#run();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.#mostRequests || this.#bytes >= this.#mostBytes;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#bytes -= next.bytes;
      if (this.#socket.isPaused() && !this.#isFull()) this.#socket.resume();
      await next.work();
    }
    this.#running = undefined;
  }
}
