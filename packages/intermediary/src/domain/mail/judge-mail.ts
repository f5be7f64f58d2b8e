import type { uplink } from '@postern/contracts';
import { after, between, type Duration, type Instant, Milliseconds, toSeconds } from '@postern/core';
import type { MailedRequests } from '@postern/soap-rpc';

/** What a mail has to fit. */
export interface MailRules {
  /** This intermediary's name. */
  readonly name: string;
  /** Where its mail goes. */
  readonly address: string;
  /** From when it was made until it came. */
  readonly maxAge: Duration;
  /** How far ahead the server's clock may be. */
  readonly skew: Duration;
}

/** Why a mail is refused, once it is known that the server has signed it for this intermediary. */
export type MailRefusal = 'mail-not-addressed' | 'mail-too-old' | 'mail-from-future';

export type MailVerdict =
  | { readonly kind: 'refused'; readonly code: MailRefusal }
  /** It came before: nothing is left to do. */
  | { readonly kind: 'repeated' }
  | {
      readonly kind: 'taken';
      readonly requests: readonly uplink.Request[];
      /** Until then its identifier is remembered; after it the mail is too old. */
      readonly forgetAt: Instant;
    };

/**
 * Decides on a mail whose origin is proved. Its age is judged before its identifier: what is remembered is only ever as
 * old as a mail may be.
 *
 * @param seen whether a mail with this identifier was taken before
 * @spec R9
 */
export const judgeMail = (
  { to, messageId, date, intermediary, requests }: MailedRequests,
  { name, address, maxAge, skew }: MailRules,
  seen: (messageId: string) => boolean,
  now: Instant,
): MailVerdict => {
  if (intermediary !== name || !isAddress(to, address)) return refused('mail-not-addressed');
  if (date > after(now, skew)) return refused('mail-from-future');
  if (now > after(date, maxAge)) return refused('mail-too-old');
  if (seen(messageId)) return { kind: 'repeated' };
  const age = Milliseconds(Math.max(between(date, now), 0));
  return {
    kind: 'taken',
    requests: requests.map((request) => aged(request, age)),
    // Rounded up: at the very end of its time the mail is still taken.
    forgetAt: after(after(date, maxAge), Milliseconds(1)),
  };
};

const refused = (code: MailRefusal): MailVerdict => ({ kind: 'refused', code });

/** Mail servers change the case of a domain, and some that of what is before it. */
export const isAddress = (found: string, address: string): boolean =>
  found.toLowerCase() === address.toLowerCase();

/** Durations were true when the mail was made: what it was under way is gone of them. */
const aged = (request: uplink.Request, age: Duration): uplink.Request => {
  const left = (seconds: number): number => Math.max(seconds - toSeconds(age), 0);
  const { body } = request;
  return {
    ...request,
    expiresInSeconds: left(request.expiresInSeconds),
    body:
      body.kind === 'UpdateSoftware'
        ? { kind: body.kind, value: { ...body.value, deadlineSeconds: left(body.value.deadlineSeconds) } }
        : body,
  };
};
