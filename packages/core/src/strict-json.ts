import { type Instant, Instant as toInstant } from './duration.ts';
import type { PosternError } from './errors.ts';

/** In UTC to the second or finer: a time without a zone would end elsewhere at another hour. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/**
 * Reads JSON that must be exactly so: anything unknown, missing or out of range is refused.
 *
 * @param refused makes the error that every function throws
 */
export const strictJson = <Code extends string>(
  refused: (message: string, cause?: unknown) => PosternError<Code>,
) => ({
  refused,

  parse: (bytes: Uint8Array, what: string): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch (cause) {
      throw refused(`${what} is not JSON in UTF-8`, cause);
    }
  },

  /** An object with no other than these fields. */
  object: (value: unknown, what: string, names: readonly string[]): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refused(`${what} must be an object`);
    }
    const unknown = Object.keys(value).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw refused(`${what} has an unknown field ${JSON.stringify(unknown.slice(0, 40))}`);
    }
    return value as Record<string, unknown>;
  },

  list: (value: unknown, name: string, least: number, most: number): readonly unknown[] => {
    if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
    throw refused(`${name} must be a list of ${least} to ${most}`);
  },

  text: (value: unknown, name: string, pattern: RegExp): string => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw refused(`${name} is missing or not allowed`);
  },

  whole: (value: unknown, name: string, least: number = 1): number => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw refused(`${name} must be a whole number of at least ${least}`);
  },

  instant: (value: unknown, name: string): Instant => {
    const parsed = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(parsed)) throw refused(`${name} must be an ISO 8601 time in UTC`);
    return toInstant(parsed);
  },
});

/** A reader of strict JSON. */
export type StrictJson = ReturnType<typeof strictJson>;
