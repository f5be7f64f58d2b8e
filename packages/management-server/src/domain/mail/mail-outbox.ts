import type { uplink } from '@postern/contracts';
import {
  after,
  between,
  type Clock,
  type Duration,
  type Entropy,
  errorCode,
  errorMessage,
  type Instant,
  type Logger,
  Milliseconds,
  Minutes,
  randomFraction,
  randomId,
  Seconds,
  withDeadline,
} from '@postern/core';
import { serverError } from '../../errors.ts';
import type { OutgoingMail, Stores } from '../ports.ts';
import { nextRequestState } from '../requests/request-state.ts';
import { type Enclosures, takeOne } from '../take-requests.ts';

/** Requests on their way to one intermediary. */
export interface MailDown {
  readonly intermediary: string;
  /** Without domain and brackets. */
  readonly mailId: string;
  readonly date: Instant;
  readonly requests: readonly uplink.Request[];
}

/**
 * Gives a mail to the relay; resolves when that has taken it over.
 *
 * @throws PosternError `relay-refused`, `relay-unreachable`, those of pki for the recipient's certificate
 */
export type PostMail = (mail: MailDown, signal: AbortSignal) => Promise<void>;

export interface MailOutboxParts {
  readonly stores: Stores;
  readonly enclosures: Enclosures;
  /** Those that have an address. */
  readonly intermediaries: ReadonlySet<string>;
  readonly post: PostMail;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** One mail, from the first byte to the relay's word. */
const LONGEST_POST = Minutes(1);
const FIRST_PAUSE = Seconds(10);
const LONGEST_PAUSE = Minutes(10);
/** After the database failed. */
const RETRY_DELAY = Minutes(1);

/** What no further try mends. */
const FINAL: readonly string[] = ['relay-refused', 'mail-too-long'];

/**
 * Requests that go down by mail, each in a mail of its own: kept until the relay has one, or the request needs none any
 * more. It goes to the relay at least once; a request whose mail comes twice is carried out once. What a mail says is made
 * when it is sent, so that nothing in it is stale; here are identifiers only.
 *
 * @spec R9
 */
export class MailOutbox {
  readonly #parts: MailOutboxParts;
  readonly #ending = new AbortController();
  #woken = false;
  #resume: () => void = () => {};
  #running: Promise<void> = Promise.resolve();

  constructor(parts: MailOutboxParts) {
    this.#parts = parts;
  }

  /** @throws PosternError `mail-not-configured` when an intermediary has no address */
  checkReaches(intermediary: string): void {
    if (this.#parts.intermediaries.has(intermediary)) return;
    throw serverError('mail-not-configured', `${intermediary} has no mail address here`);
  }

  /** Adds a request; within the transaction that stores it. Call {@link wake} after its commit. */
  add(requestId: string): void {
    const { stores, clock } = this.#parts;
    stores.mailOutbox.save({ requestId, tries: 0, dueAt: clock.now() });
  }

  wake(): void {
    this.#woken = true;
    this.#resume();
  }

  /** Begins to send, with what an earlier process left. */
  begin(): void {
    this.#running = this.#run(this.#ending.signal);
  }

  /** What is under way is broken off, and is sent again by the next process. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { logger } = this.#parts;
    while (!signal.aborted) {
      this.#woken = false;
      try {
        const wait = await this.#sendDue(signal);
        if (wait !== 'more') await this.#pause(wait, signal);
      } catch (error) {
        logger.error('Mail that waits could not be read or written', { reason: errorMessage(error) });
        await this.#pause(RETRY_DELAY, signal);
      }
    }
  }

  /** Until the time is over, something was added, or everything ends. */
  #pause(wait: Duration | undefined, signal: AbortSignal): Promise<void> {
    if (this.#woken || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const resume = (): void => {
        timer?.cancel();
        signal.removeEventListener('abort', resume);
        resolve();
      };
      const timer =
        wait === undefined ? undefined : this.#parts.clock.schedule(wait, resume, { background: true });
      signal.addEventListener('abort', resume, { once: true });
      this.#resume = resume;
    });
  }

  /** Sends what is due first, if anything is. @returns how long nothing is; undefined while nothing waits at all */
  async #sendDue(signal: AbortSignal): Promise<'more' | Duration | undefined> {
    const { stores, clock } = this.#parts;
    const mail = stores.mailOutbox.first();
    if (mail === undefined) return undefined;
    const now = clock.now();
    if (mail.dueAt > now) return between(now, mail.dueAt);
    const down = this.#take(mail, now);
    if (down !== undefined) await this.#post(mail, down, signal);
    return 'more';
  }

  /** What the mail carries, made now. A request that is answered, called off or too late needs none any more. */
  #take(mail: OutgoingMail, now: Instant): MailDown | undefined {
    const { stores, enclosures, entropy } = this.#parts;
    const { requestId, tries } = mail;
    return stores.transaction(() => {
      const record = stores.requests.find(requestId);
      if (
        record === undefined ||
        now >= record.expiresAt ||
        nextRequestState(record.state, 'went-down') === undefined
      ) {
        stores.mailOutbox.remove(requestId);
        return undefined;
      }
      // Before it leaves: when this process dies with the mail in its hands, the next one waits as after a failure.
      stores.mailOutbox.save({ requestId, tries: tries + 1, dueAt: after(now, this.#pauseAfter(tries)) });
      const { intermediary } = record;
      const request = takeOne({ stores, intermediary, enclosures, now }, record);
      return { intermediary, mailId: randomId(entropy), date: now, requests: [request] };
    });
  }

  async #post({ requestId, tries }: OutgoingMail, down: MailDown, signal: AbortSignal): Promise<void> {
    const { post, stores, clock, logger } = this.#parts;
    const { intermediary, mailId } = down;
    const about = { request: requestId, intermediary, mail: mailId };
    try {
      await withDeadline(clock, LONGEST_POST, 'The mail', signal, (bounded) => post(down, bounded));
    } catch (error) {
      if (signal.aborted) return;
      const code = errorCode(error, 'internal-error');
      const final = FINAL.includes(code);
      if (final) stores.mailOutbox.remove(requestId);
      logger[final || tries === 0 ? 'warn' : 'debug']('A mail was not sent', {
        ...about,
        code,
        reason: errorMessage(error),
        next: final ? 'goes down by poll' : 'is tried again',
      });
      return;
    }
    stores.mailOutbox.remove(requestId);
    logger.info('A request was sent by mail', about);
  }

  /** Doubling, capped, and spread over its upper half. */
  #pauseAfter(tries: number): Duration {
    const whole = Math.min(FIRST_PAUSE * 2 ** Math.min(tries, 20), LONGEST_PAUSE);
    // Whole: it becomes an instant that is stored.
    return Milliseconds(Math.ceil(whole / 2 + (whole / 2) * randomFraction(this.#parts.entropy)));
  }
}
