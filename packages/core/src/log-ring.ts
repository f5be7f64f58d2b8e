import type { Clock } from './clock.ts';
import type { Instant } from './duration.ts';
import { errorMessage } from './errors.ts';
import type { LogFields, Logger, LogLevel } from './logger.ts';
import { SECRET_FIELDS } from './secret-fields.ts';

/** A line of a log as it is remembered: its fields are part of its text. */
export interface RememberedLine {
  readonly at: Instant;
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly message: string;
}

const LONGEST_LINE = 1_024;

/** The newest lines of a log, in memory. */
export class LogRing {
  readonly #most: number;
  readonly #lines: RememberedLine[] = [];
  /** Where the next line goes, once there are as many as there may be. */
  #next = 0;

  /** @param most how many lines are kept */
  constructor(most: number) {
    this.#most = most;
  }

  add(line: RememberedLine): void {
    this.#lines[this.#next] = line;
    this.#next = (this.#next + 1) % this.#most;
  }

  /** Oldest first. */
  lines(): readonly RememberedLine[] {
    const [newer, older] = [this.#lines.slice(0, this.#next), this.#lines.slice(this.#next)];
    return [...older, ...newer];
  }
}

/** A logger whose newest lines can be read back. Secrets are left out as everywhere. */
export const rememberingLogger = (logger: Logger, ring: LogRing, clock: Pick<Clock, 'now'>): Logger => {
  const make = (inner: Logger, base: LogFields): Logger => {
    const at = (level: RememberedLine['level']) => (message: string, fields?: LogFields) => {
      ring.add({ at: clock.now(), level, message: lineOf(message, { ...base, ...fields }) });
      inner[level](message, fields);
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make(inner.child(fields), { ...base, ...fields }),
    };
  };
  return make(logger, {});
};

const lineOf = (message: string, fields: LogFields): string =>
  [message, ...Object.entries(fields).map(([name, value]) => `${name}=${textOf(name, value)}`)]
    .join(' ')
    .slice(0, LONGEST_LINE);

/** Of what is more than a plain value only an error's message: whole objects may hold anything. */
const textOf = (name: string, value: unknown): string => {
  if (SECRET_FIELDS.includes(name)) return '[Redacted]';
  if (typeof value !== 'object' || value === null) return String(value);
  return 'message' in value ? errorMessage(value) : '…';
};
