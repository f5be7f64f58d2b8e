import { type Clock, errorCode, type Instant } from '@postern/core';

/** How the last exchange with a device went. */
export interface Contact {
  /** When one succeeded last in this process. */
  readonly succeededAt: Instant | undefined;
  /** The last one failed. */
  readonly silent: boolean;
}

/** Devices remembered; of more those give way that were heard of longest ago. */
const MOST_DEVICES = 10_000;

/** What says that a device was not reached. */
const NOT_REACHED: readonly string[] = [
  'unreachable',
  'connection-lost',
  'tls-refused',
  'deadline-exceeded',
  'device-unreachable',
];

/** What says nothing of it. Every other refusal is its own: it is there. */
const OURS: readonly string[] = ['', 'cancelled', 'device-unknown', 'device-not-active', 'internal-error'];

/**
 * How exchanges with devices go, in memory only: an exchange costs no write. After a restart a device counts as active
 * until an exchange fails.
 *
 * @spec I3
 */
export class Contacts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #contacts = new Map<string, Contact>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  of(deviceId: string): Contact | undefined {
    return this.#contacts.get(deviceId);
  }

  isSilent(deviceId: string): boolean {
    return this.#contacts.get(deviceId)?.silent === true;
  }

  /** The device was heard. */
  succeeded(deviceId: string): void {
    this.#note(deviceId, { succeededAt: this.#clock.now(), silent: false });
  }

  /** Runs an exchange with a device, and notes how it went. */
  async during<T>(deviceId: string, signal: AbortSignal, exchange: () => Promise<T>): Promise<T> {
    try {
      const result = await exchange();
      this.succeeded(deviceId);
      return result;
    } catch (error) {
      this.#failed(deviceId, signal.aborted ? signal.reason : error);
      throw error;
    }
  }

  #failed(deviceId: string, error: unknown): void {
    const code = errorCode(error, '');
    if (NOT_REACHED.includes(code)) {
      this.#note(deviceId, { succeededAt: this.of(deviceId)?.succeededAt, silent: true });
    } else if (!OURS.includes(code)) this.succeeded(deviceId);
  }

  #note(deviceId: string, contact: Contact): void {
    this.#contacts.delete(deviceId);
    this.#contacts.set(deviceId, contact);
    const [oldest] = this.#contacts.keys();
    if (this.#contacts.size > MOST_DEVICES && oldest !== undefined) this.#contacts.delete(oldest);
  }
}
