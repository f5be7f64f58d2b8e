import type { uplink } from '@postern/contracts';
import { type Clock, errorCode, type Logger, Minutes, rateLimiter } from '@postern/core';
import type { MailedRequests } from '@postern/soap-rpc';
import type { RequestStore } from '../requests/ports.ts';
import { judgeMail, type MailRules } from './judge-mail.ts';
import type { MailStore } from './ports.ts';

export interface MailIntakeOptions extends MailRules {
  /**
   * Decrypts a message, proves that the server has signed it, and reads it.
   *
   * @throws PosternError why it is none
   */
  readonly open: (message: Uint8Array) => MailedRequests;
  readonly store: MailStore;
  readonly requests: Pick<RequestStore, 'has'>;
  readonly inbox: { take(answer: uplink.PollResponse): void };
  readonly clock: Clock;
  readonly logger: Logger;
  /** Mails that are remembered at a time. */
  readonly most?: number;
}

/** What the one who gave the mail is told: `later` has him try it again, `never` has him not. */
export type MailOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'later' | 'never'; readonly code: string };

const MOST = 10_000;

/**
 * Takes mail: what the server has signed for this intermediary becomes requests like those of a poll answer; everything
 * else changes nothing and is counted by reason. A mail is remembered once its requests are stored: after a crash in
 * between it comes again, and they are known by their identifiers.
 *
 * @spec R9
 */
export class MailIntake {
  readonly #options: MailIntakeOptions;
  readonly #refused = new Map<string, number>();
  readonly #mayLog: (code: string) => boolean;

  constructor(options: MailIntakeOptions) {
    this.#options = options;
    this.#mayLog = rateLimiter(options.clock, { burst: 5, interval: Minutes(1), mostKeys: 100 });
  }

  /** How many mails were refused since the start, by reason. */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  take(message: Uint8Array, from: string): MailOutcome {
    let taken: MailOutcome | 'repeated';
    try {
      taken = this.#take(message);
    } catch (error) {
      const code = errorCode(error, 'internal-error');
      if (!isFinal(code)) this.#options.logger.error('A mail could not be taken', { code, error });
      taken = isFinal(code) ? { kind: 'never', code } : { kind: 'later', code: 'mail-not-stored' };
    }
    if (taken === 'repeated') {
      // Its sender may have missed our first answer.
      this.refuse('mail-repeated', from);
      return { kind: 'stored' };
    }
    if (taken.kind !== 'stored') this.refuse(taken.code, from);
    return taken;
  }

  /** Counts a mail, or an attempt at one, that comes to nothing. */
  refuse(code: string, from: string): void {
    const count = (this.#refused.get(code) ?? 0) + 1;
    this.#refused.set(code, count);
    if (this.#mayLog(code)) this.#options.logger.warn('A mail was refused', { code, count, from });
  }

  #take(message: Uint8Array): MailOutcome | 'repeated' {
    const { open, store, requests, inbox, clock, logger, most = MOST } = this.#options;
    const mail = open(message);
    const now = clock.now();
    const verdict = judgeMail(mail, this.#options, (id) => store.has(id), now);
    if (verdict.kind === 'repeated') return 'repeated';
    if (verdict.kind === 'refused') return { kind: 'never', code: verdict.code };
    store.forget(now);
    if (store.count() >= most) return { kind: 'later', code: 'mail-no-room' };
    inbox.take({ nextPollSeconds: 0, requests: { request: verdict.requests } });
    // The inbox leaves out what it has no room for.
    if (!verdict.requests.every(({ requestId }) => requests.has(requestId))) {
      return { kind: 'later', code: 'mail-no-room' };
    }
    store.add(mail.messageId, verdict.forgetAt);
    logger.info('Requests came by mail', {
      mail: mail.messageId,
      requests: verdict.requests.map(({ requestId }) => requestId),
    });
    return { kind: 'stored' };
  }
}

/** What is wrong with the mail itself; all else (the disk, an outdated revocation list) is ours to mend. */
const isFinal = (code: string): boolean => code.startsWith('mail-') || code === 'identity-unexpected';
