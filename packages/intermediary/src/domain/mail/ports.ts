import type { Instant } from '@postern/core';

/** Identifiers of mails that were taken, durable on return. */
export interface MailStore {
  has(messageId: string): boolean;
  add(messageId: string, forgetAt: Instant): void;
  count(): number;
  /** Forgets those that are too old to be taken again. */
  forget(now: Instant): void;
}
