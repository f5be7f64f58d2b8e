import type { Closable } from '@postern/core';
import { testbedError } from '../errors.ts';
import { createTierProcess, type TierProcessOptions } from './tier-process.ts';

/** One tier of a site: it can be started, stopped and (as a process) killed, and started again with the same state. */
export interface Tier<Config, Ready> {
  start(config: Config): Promise<Ready>;
  /** A graceful end. */
  stop(): Promise<void>;
  /** SIGKILL. Refused with `not-a-process` for a tier that runs in this process. */
  kill(): Promise<void>;
  /** What it said at its last start. */
  readonly ready: Ready;
  readonly pid: number | undefined;
}

/** A tier as a process of its own. */
export const processTier = <Config extends object, Ready>(
  options: TierProcessOptions,
): Tier<Config, Ready> => {
  const process = createTierProcess<Ready>(options);
  let ready: Ready | undefined;
  return {
    start: async (config) => {
      ready = await process.start(config);
      return ready;
    },
    stop: () => process.stop(),
    kill: () => process.kill(),
    get ready() {
      return started(ready, options.name);
    },
    get pid() {
      return process.pid;
    },
  };
};

/** A tier in this process. */
export const localTier = <Config, Running extends Closable, Ready>(
  name: string,
  run: (config: Config) => Promise<Running>,
  describe: (running: Running) => Ready,
): Tier<Config, Ready> & { readonly running: Running } => {
  let running: Running | undefined;
  return {
    start: async (config) => {
      running = await run(config);
      return describe(running);
    },
    stop: async () => {
      const ending = running;
      running = undefined;
      await ending?.close();
    },
    kill: async () => {
      throw testbedError('not-a-process', `${name} runs inside this process`);
    },
    get ready() {
      return describe(started(running, name));
    },
    get running() {
      return started(running, name);
    },
    pid: undefined,
  };
};

const started = <T>(value: T | undefined, name: string): T => {
  if (value === undefined) throw testbedError('tier-not-started', `${name} does not run`);
  return value;
};
