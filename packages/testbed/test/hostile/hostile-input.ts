import type { HostileSite } from './hostile-site.ts';

/** One bad input: what is sent, and the precise refusal. */
export interface HostileInput {
  readonly name: string;
  /** Sends it and tells the answer in the form of `expect`. */
  readonly send: (to: HostileSite) => Promise<string>;
  /**
   * HTTP: status, fault code (SOAP), our code. FTP: the reply, `closed` when none came. Otherwise see
   * `raw-exchange.ts`.
   */
  readonly expect: string;
}

/** A listener with its bad inputs, and what it answers a good one. */
export interface HostileInputs {
  readonly listener: string;
  readonly inputs: readonly HostileInput[];
  readonly good: Omit<HostileInput, 'name'>;
}
