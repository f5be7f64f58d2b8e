import { Duplex } from 'node:stream';
import { type Clock, type Duration, Milliseconds, type Timer } from '@postern/core';
import type { Gate } from './gate.ts';

export interface ShaperOptions {
  readonly clock: Clock;
  readonly gate: Gate;
  /** How long every byte is under way. */
  readonly delay: Duration;
  /** Infinity: as fast as the sockets are. */
  readonly bytesPerSecond: number;
  /** Whether the next piece is lost, and comes when it was sent again. */
  readonly loses?: () => boolean;
  /** Told after each piece that went on. */
  readonly onPassed: (chunk: Buffer) => void;
}

/** Bytes under way at which the sender has to wait. */
const IN_FLIGHT_BYTES = 1_024 * 1_024;
/** A limited line hands on about this many pieces a second. */
const PIECES_PER_SECOND = 20;
/** From the loss of a piece until it has come after all, and everything behind it: the least that TCP waits. */
const RETRANSMISSION = Milliseconds(200);

interface Piece {
  /** `undefined` is the end of the stream: it travels as slowly as the bytes before it. */
  readonly bytes: Buffer | undefined;
  readonly due: number;
}

/** One direction of a line: bytes go in and come out later, in order, at the line's rate, while the gate is open. */
export class Shaper extends Duplex {
  readonly #options: ShaperOptions;
  readonly #pieces: Piece[] = [];
  #inFlight = 0;
  #lineFreeAt = 0;
  #wanted = false;
  #timer: Timer | undefined;
  #forgetGate: (() => void) | undefined;
  #takeMore: (() => void) | undefined;

  constructor(options: ShaperOptions) {
    super({ allowHalfOpen: true });
    this.#options = options;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { bytesPerSecond } = this.#options;
    const step = Math.max(1, Math.min(chunk.length, Math.ceil(bytesPerSecond / PIECES_PER_SECOND)));
    for (let at = 0; at < chunk.length; at += step) this.#enqueue(chunk.subarray(at, at + step));
    if (this.#inFlight < IN_FLIGHT_BYTES) done();
    else this.#takeMore = done;
    this.#handOn();
  }

  override _final(done: () => void): void {
    this.#enqueue(undefined);
    done();
    this.#handOn();
  }

  override _read(): void {
    this.#wanted = true;
    this.#handOn();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    this.#forgetGate?.();
    this.#pieces.length = 0;
    done(error);
  }

  #enqueue(bytes: Buffer | undefined): void {
    const { clock, delay, bytesPerSecond, loses } = this.#options;
    const size = bytes?.length ?? 0;
    const again = loses?.() === true ? RETRANSMISSION : 0;
    this.#lineFreeAt =
      Math.max(this.#lineFreeAt, clock.monotonic()) + (size * 1_000) / bytesPerSecond + again;
    this.#inFlight += size;
    this.#pieces.push({ bytes, due: this.#lineFreeAt + delay });
  }

  /** Hands on what is due; when nothing is, sees to it that it is called again. */
  #handOn(): void {
    const { clock, gate } = this.#options;
    while (this.#wanted && this.#timer === undefined && this.#forgetGate === undefined) {
      const [next] = this.#pieces;
      if (next === undefined) return;
      const wait = next.due - clock.monotonic();
      if (gate.closed) {
        this.#forgetGate = gate.onceOpen(() => {
          this.#forgetGate = undefined;
          this.#handOn();
        });
      } else if (wait > 0) {
        this.#timer = clock.schedule(Milliseconds(wait), () => {
          this.#timer = undefined;
          this.#handOn();
        });
      } else {
        this.#pieces.shift();
        this.#pass(next.bytes);
      }
    }
  }

  #pass(bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      this.#wanted = false;
      this.push(null);
      return;
    }
    this.#inFlight -= bytes.length;
    this.#options.onPassed(bytes);
    // Before push: it may call _read, which sets the flag again.
    this.#wanted = false;
    if (this.push(bytes)) this.#wanted = true;
    if (this.#inFlight < IN_FLIGHT_BYTES) {
      const takeMore = this.#takeMore;
      this.#takeMore = undefined;
      takeMore?.();
    }
  }
}
