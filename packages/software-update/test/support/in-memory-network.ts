import {
  type Duration,
  type Entropy,
  errorCode,
  errorMessage,
  Milliseconds,
  PosternError,
  sleep,
} from '@postern/core';
import type { VirtualClock } from '@postern/core/testing';
import type {
  BulkPath,
  BulkService,
  BulkServiceSession,
  BulkSession,
  SecurePath,
} from '@postern/software-update';
import type { InMemoryDevice, Running } from './in-memory-device.ts';
import { inMemorySecurePath } from './in-memory-secure-path.ts';
import type { Life } from './life.ts';

/** `tell`: the device speaks on the secure path; `mark`: a password of a list is used up. */
export type ExchangeKind =
  | 'share'
  | 'erase'
  | 'tell'
  | 'mark'
  | 'open'
  | 'retrieve'
  | 'size'
  | 'store'
  | 'notice';

/** One exchange between updater and device, as a fault plan sees it. */
export interface Exchange {
  /** Over all kinds, from 1. */
  readonly number: number;
  readonly kind: ExchangeKind;
  /** Among those of its kind, from 1. */
  readonly nth: number;
}

/** What the network does to one exchange. */
export type Fault =
  | { readonly type: 'lose-request' }
  | { readonly type: 'lose-answer' }
  | { readonly type: 'delay'; readonly by: Duration }
  /** Flips a bit of the file that is retrieved or stored. */
  | { readonly type: 'corrupt' }
  /** Replaces the file that is retrieved. */
  | { readonly type: 'forge'; readonly content: string }
  /** A login is refused in the device's name, which never hears of it. */
  | { readonly type: 'refuse' }
  /** Somebody answers a mark in the device's name, which never hears of it. */
  | { readonly type: 'forge-mark'; readonly next: (entry: number) => number }
  /** The connection breaks after so many bytes of an upload. */
  | { readonly type: 'cut'; readonly afterBytes: number };

export type FaultPlan = (exchange: Exchange) => Fault | undefined;

/** The n-th exchange of a kind, or those numbered so, suffers the fault. */
export const on =
  (kind: ExchangeKind, nth: number | readonly number[] | 'every', fault: Fault): FaultPlan =>
  (exchange) =>
    exchange.kind === kind && (nth === 'every' || [nth].flat().includes(exchange.nth)) ? fault : undefined;

/** What was seen on the wire. */
export interface WireRecord extends Exchange {
  readonly fault?: Fault;
  /** Name of the file, for retrieve, size and store. */
  readonly name?: string;
  /** Bytes that reached the device, for store. */
  bytes: number;
  /** Where a store began. */
  readonly offset?: number;
}

const LATENCY = Milliseconds(5);

/** A LAN in memory: calls the device's target directly, and loses, delays, alters and cuts as the plan says. */
export class InMemoryNetwork {
  readonly wire: WireRecord[] = [];
  /** Passwords that crossed the bulk path in the clear. */
  readonly sniffed = new Set<string>();
  /** Passwords that the device has made. */
  readonly made = new Set<string>();
  /** False: the device's cable is unplugged. */
  up = true;
  readonly #clock: VirtualClock;
  readonly #device: InMemoryDevice;
  readonly #faults: FaultPlan;
  readonly #entropy: Entropy;
  readonly #plainPath: boolean;

  constructor(options: {
    readonly clock: VirtualClock;
    readonly device: InMemoryDevice;
    readonly faults: FaultPlan;
    /** The device's own. */
    readonly entropy: Entropy;
    /** The device takes requests without secrets in plain HTTP. */
    readonly plainPath: boolean;
  }) {
    this.#clock = options.clock;
    this.#device = options.device;
    this.#faults = options.faults;
    this.#entropy = options.entropy;
    this.#plainPath = options.plainPath;
  }

  /** The start notification's way up. */
  async notice(deliver: () => void): Promise<void> {
    const { fault } = this.#begin('notice');
    await sleep(this.#clock, fault?.type === 'delay' ? fault.by : LATENCY);
    if (!this.up || fault?.type === 'lose-request') throw lost('connection-lost');
    deliver();
    if (fault?.type === 'lose-answer') throw lost('connection-lost');
  }

  /** The secure path as one life of the updater uses it. */
  securePathOf(life: Life): SecurePath {
    return inMemorySecurePath({
      wire: {
        ask: (kind, signal, work) => this.ask(life, kind, signal, work),
        tell: (deliver) => this.#tell(deliver),
      },
      entropy: this.#entropy,
      life,
      plainPath: this.#plainPath,
      onMade: (oneTimePassword) => this.made.add(oneTimePassword),
    });
  }

  /** An exchange with the device's firmware; the compact updater program takes none (D5). */
  async ask<T>(
    life: Life,
    kind: ExchangeKind,
    signal: AbortSignal,
    work: (running: Running, fault: Fault | undefined) => Promise<T>,
  ): Promise<T> {
    return life.effect(kind, async () => {
      const { fault } = this.#begin(kind);
      await sleep(this.#clock, fault?.type === 'delay' ? fault.by : LATENCY, signal);
      const running = this.#device.running;
      if (!this.up || running?.booted.program !== 'firmware') throw lost('unreachable');
      if (fault?.type === 'lose-request') throw lost('connection-lost');
      const result = await unlessEnded(running.life.ended, 'connection-lost', work(running, fault));
      if (fault?.type === 'lose-answer') throw lost('connection-lost');
      return result;
    });
  }

  async #tell(deliver: () => void): Promise<void> {
    const { fault } = this.#begin('tell');
    await sleep(this.#clock, fault?.type === 'delay' ? fault.by : LATENCY);
    if (!this.up || fault?.type === 'lose-request') throw lost('device-unreachable');
    deliver();
    if (fault?.type === 'lose-answer') throw lost('device-unreachable');
  }

  /** The bulk path as one life of the updater uses it. */
  bulkPathOf(life: Life): BulkPath {
    return {
      open: (_endpoint, login, signal) =>
        life.effect('open', async () => {
          this.sniffed.add(login.oneTimePassword);
          const { fault } = this.#begin('open');
          await sleep(this.#clock, fault?.type === 'delay' ? fault.by : LATENCY, signal);
          const running = this.#device.running;
          if (!this.up || running === undefined || fault?.type === 'lose-request')
            throw lost('bulk-unreachable');
          if (fault?.type === 'refuse') throw new PosternError('bulk-login-refused', '530 Not logged in');
          const service: BulkService = running.target;
          const entered = service.login(login.userName, login.oneTimePassword, 'updater');
          const view = await unlessEnded(running.life.ended, 'bulk-connection-lost', entered);
          if (view === undefined) throw new PosternError('bulk-login-refused', '530 Not logged in');
          if (fault?.type === 'lose-answer') {
            view.ended();
            throw lost('bulk-connection-lost');
          }
          return this.#session(life, running.life, view);
        }),
    };
  }

  #session(updater: Life, device: Life, view: BulkServiceSession): BulkSession {
    const end = new AbortController();
    const closed = new Promise<void>((resolve) => {
      end.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const drop = (): void => end.abort();
    void device.ended.then(drop);
    void updater.ended.then(drop);
    view.revoked.addEventListener('abort', drop, { once: true });
    void closed.then(() => view.ended());

    const exchange = <T>(
      kind: 'retrieve' | 'size' | 'store',
      about: Partial<WireRecord>,
      signal: AbortSignal,
      work: (record: WireRecord) => Promise<T>,
    ): Promise<T> =>
      updater.effect(kind, async () => {
        const record = this.#begin(kind, about);
        const { fault } = record;
        await sleep(this.#clock, fault?.type === 'delay' ? fault.by : LATENCY, signal);
        if (!this.up || end.signal.aborted || fault?.type === 'lose-request') {
          drop();
          throw lost('bulk-connection-lost');
        }
        const result = await unlessEnded(closed, 'bulk-connection-lost', work(record));
        if (fault?.type === 'lose-answer') {
          drop();
          throw lost('bulk-connection-lost');
        }
        return result;
      });

    return {
      closed,
      close: async () => drop(),
      retrieve: (name, limit, signal) =>
        exchange('retrieve', { name }, signal, async ({ fault }) => {
          const bytes = await view.read(name);
          if (bytes === undefined) throw new PosternError('bulk-file-refused', '550 No such file');
          if (bytes.length > limit) throw new PosternError('bulk-too-long', 'The file is too long');
          if (fault?.type === 'forge') return Buffer.from(fault.content, 'utf8');
          return fault?.type === 'corrupt' ? flipped(bytes) : bytes;
        }),
      size: (name, signal) => exchange('size', { name }, signal, async () => (await view.size(name)) ?? 0),
      store: (name, content, { offset, onProgress }, signal) =>
        exchange('store', { name, offset }, signal, (record) =>
          repliesAsFtp(async () => {
            const { fault } = record;
            const receiver = await view.receive(name, offset);
            for await (const chunk of content) {
              await sleep(this.#clock, LATENCY, signal);
              const room = fault?.type === 'cut' ? fault.afterBytes - record.bytes : chunk.length;
              const arriving = chunk.subarray(0, Math.max(Math.min(room, chunk.length), 0));
              const altered = fault?.type === 'corrupt' && record.bytes === 0 ? flipped(arriving) : arriving;
              if (!this.up || end.signal.aborted) return breakOff(receiver, drop);
              await receiver.write(altered);
              record.bytes += arriving.length;
              onProgress?.(record.bytes);
              if (arriving.length < chunk.length || (room === chunk.length && fault?.type === 'cut')) {
                return breakOff(receiver, drop);
              }
            }
            await receiver.finish();
          }),
        ),
    };
  }

  #begin(kind: ExchangeKind, about: Partial<WireRecord> = {}): WireRecord {
    const nth = this.wire.filter((record) => record.kind === kind).length + 1;
    const exchange: Exchange = { number: this.wire.length + 1, kind, nth };
    const fault = this.#faults(exchange);
    const record: WireRecord = { ...about, ...exchange, bytes: 0, ...(fault === undefined ? {} : { fault }) };
    this.wire.push(record);
    return record;
  }
}

const breakOff = async (receiver: { abort(): Promise<void> }, drop: () => void): Promise<never> => {
  await receiver.abort();
  drop();
  throw lost('bulk-connection-lost');
};

const unlessEnded = <T>(ended: Promise<void>, code: string, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    ended.then((): never => {
      throw lost(code);
    }),
  ]);

/** The device's refusals as its FTP adapter would word them. */
const repliesAsFtp = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const code = errorCode(error, 'internal-error');
    if (code === 'cancelled' || code.startsWith('bulk-')) throw error;
    throw new PosternError('bulk-file-refused', `550 ${code}: ${errorMessage(error)}`);
  }
};

const flipped = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(bytes, (byte, at) => (at === 0 ? byte ^ 1 : byte));

const lost = (code: string): PosternError => new PosternError(code, 'The network did not carry it');
