import { inspect } from 'node:util';
import type { CapturedConnection } from '@postern/testbed';

/** Bytes in which secrets are looked for, and where they were. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Errors in log fields with their messages and stacks. */
export const text = (name: string, content: unknown): Place => ({
  name,
  bytes: Buffer.from(
    typeof content === 'string'
      ? content
      : inspect(content, {
          depth: 20,
          maxArrayLength: null,
          maxStringLength: null,
          breakLength: Number.POSITIVE_INFINITY,
        }),
  ),
});

/** Both directions of captured connections. */
export const streams = (name: string, connections: readonly CapturedConnection[]): readonly Place[] =>
  connections.flatMap(({ up, down }, at) => [
    { name: `${name} ${at + 1}, up`, bytes: up },
    { name: `${name} ${at + 1}, down`, bytes: down },
  ]);
