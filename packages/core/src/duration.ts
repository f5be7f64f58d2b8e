/** Branded time quantities: a bare number is never a duration. */

declare const durationBrand: unique symbol;
declare const instantBrand: unique symbol;

/** A length of time in milliseconds. Make one with {@link Milliseconds}, {@link Seconds}, {@link Minutes} or {@link Hours}. */
export type Duration = number & { readonly [durationBrand]: 'ms' };

/** A point in wall-clock time: milliseconds since the Unix epoch. */
export type Instant = number & { readonly [instantBrand]: 'epoch-ms' };

export const Milliseconds = (value: number): Duration => value as Duration;
export const Seconds = (value: number): Duration => Milliseconds(value * 1_000);
export const Minutes = (value: number): Duration => Seconds(value * 60);
export const Hours = (value: number): Duration => Minutes(value * 60);
export const Days = (value: number): Duration => Hours(value * 24);

/** @param value milliseconds since the Unix epoch */
export const Instant = (value: number): Instant => value as Instant;

/** The instant `duration` after `instant`. */
export const after = (instant: Instant, duration: Duration): Instant => Instant(instant + duration);

/** How long from `from` until `to`; negative when `to` lies in the past. */
export const between = (from: Instant, to: Instant): Duration => Milliseconds(to - from);

/** Whole seconds, rounded up, as contracts carry them. */
export const toSeconds = (duration: Duration): number => Math.ceil(duration / 1_000);
