import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import {
  type Clock,
  type Duration,
  type Entropy,
  errorCode,
  type Logger,
  Milliseconds,
  type Timer,
} from '@postern/core';
import { connectTcp } from '../tcp/connect.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { Gate } from './gate.ts';
import { Shaper } from './shaper.ts';

/** What a line is like beside being open; absent: as good as the sockets are. */
export interface LineShape {
  /** How long every byte is under way, each way. */
  readonly delay?: Duration;
  /** Rate of each connection, each way. */
  readonly bytesPerSecond?: number;
  /** A connection on which nothing passed for so long is dropped, as a NAT forgets it; for those that are opened from now on. */
  readonly idleTimeout?: Duration;
  /** So large a part of the pieces (0 to 1) is lost, and comes when it was sent again. */
  readonly loss?: number;
}

export interface LinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gate: Gate;
  /** Passed once, before the target is called. */
  readonly entrance: Gate;
  readonly target: Endpoint;
  /** As the line is now. */
  readonly line: () => LineShape;
  readonly entropy: Entropy;
  readonly onForwarded: () => void;
  readonly onLost: () => void;
  readonly onUp: (chunk: Buffer) => void;
  readonly onDown: (chunk: Buffer) => void;
}

/** One connection through the firewall, from its acceptance on the LAN side to its end. */
export class Link {
  readonly #lan: Socket;
  readonly #options: LinkOptions;
  readonly #ending = new AbortController();
  #wan: Socket | undefined;
  #idle: Timer | undefined;
  #lastPassed: number;
  /** Resolves when both sides have ended. Never rejects. */
  readonly done: Promise<void>;

  constructor(lan: Socket, options: LinkOptions) {
    this.#lan = lan;
    this.#options = options;
    this.#lastPassed = options.clock.monotonic();
    this.#watch(lan);
    this.done = this.#run();
  }

  /** Ends both sides at once, with resets. */
  reset(): void {
    this.#ending.abort();
    this.#lan.resetAndDestroy();
    this.#wan?.resetAndDestroy();
  }

  async #run(): Promise<void> {
    const { clock, logger, gate, entrance, target, onForwarded, onUp, onDown } = this.#options;
    try {
      this.#armIdle();
      await entrance.opened(this.#ending.signal);
      await gate.opened(this.#ending.signal);
      const wan = await connectTcp(clock, target, this.#ending.signal);
      this.#wan = wan;
      this.#watch(wan);
      onForwarded();
      await Promise.all([
        pipeline(this.#lan, this.#shaper(onUp), wan),
        pipeline(wan, this.#shaper(onDown), this.#lan),
      ]);
    } catch (error) {
      logger.debug('A forwarded connection broke', { target, code: errorCode(error, 'unknown') });
      this.reset();
    } finally {
      this.#idle?.cancel();
    }
  }

  /** Tells a side's reset to the other side as a reset; the pipeline alone would end it in good order. */
  #watch(socket: Socket): void {
    socket.on('error', () => this.reset());
  }

  #shaper(pass: (chunk: Buffer) => void): Shaper {
    const { clock, gate, line, entropy, onLost } = this.#options;
    return new Shaper({
      clock,
      gate,
      get delay() {
        return line().delay ?? Milliseconds(0);
      },
      get bytesPerSecond() {
        return line().bytesPerSecond ?? Number.POSITIVE_INFINITY;
      },
      loses: () => {
        const { loss = 0 } = line();
        const lost = loss > 0 && fraction(entropy) < loss;
        if (lost) onLost();
        return lost;
      },
      onPassed: (chunk) => {
        this.#lastPassed = clock.monotonic();
        pass(chunk);
      },
    });
  }

  /** One timer per link: it looks back when it fires, so that traffic costs no timers. */
  #armIdle(): void {
    const { clock, line, logger, target } = this.#options;
    const { idleTimeout } = line();
    if (idleTimeout === undefined) return;
    const left = this.#lastPassed + idleTimeout - clock.monotonic();
    if (left <= 0) {
      logger.debug('An idle connection was dropped', { target });
      this.reset();
      return;
    }
    this.#idle = clock.schedule(Milliseconds(left), () => this.#armIdle(), { background: true });
  }
}

/** Evenly from 0 to below 1. */
const fraction = (entropy: Entropy): number => Buffer.from(entropy.bytes(4)).readUInt32BE() / 2 ** 32;
