import { type Clock, type Duration, Seconds } from '@postern/core';

/** Requests that an address may send at once. */
const BURST = 10;

/** After that, one request in this time. */
const PACE: Duration = Seconds(1);

/** Addresses that are told apart; all beyond share one allowance, so that many addresses are no way around the limit. */
const MOST_ADDRESSES = 64;

interface Allowance {
  /** Requests that are free now; fractions build up with time. */
  tokens: number;
  at: number;
}

/** Whether an address may send one more request now. */
export type RateLimit = (address: string) => boolean;

/** A bucket of requests for each address. One that is full again is forgotten, so idle addresses cost nothing. */
export const createRateLimit = (clock: Clock): RateLimit => {
  const allowances = new Map<string, Allowance>();
  const filled = ({ tokens, at }: Allowance, now: number): number =>
    Math.min(BURST, tokens + (now - at) / PACE);
  const forgetIdle = (now: number): void => {
    for (const [address, allowance] of allowances) {
      if (filled(allowance, now) === BURST) allowances.delete(address);
    }
  };
  return (address) => {
    const now = clock.monotonic();
    if (!allowances.has(address) && allowances.size >= MOST_ADDRESSES) forgetIdle(now);
    const crowded = !allowances.has(address) && allowances.size >= MOST_ADDRESSES;
    const key = crowded ? '' : address;
    const allowance = allowances.get(key) ?? { tokens: BURST, at: now };
    const tokens = filled(allowance, now);
    const allowed = tokens >= 1;
    allowances.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  };
};
