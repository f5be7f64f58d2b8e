import { Instant } from '@postern/core';

/** Between SQL's null and TypeScript's undefined. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;
export const orUndefined = <T>(value: T | null): T | undefined => value ?? undefined;

export const toInstant = (value: number | null): Instant | undefined =>
  value === null ? undefined : Instant(value);

export const toFlag = (value: boolean): number => (value ? 1 : 0);
