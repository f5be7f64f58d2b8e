import { type Clock, type Closable, errorMessage, Milliseconds, sleep } from '@postern/core';
import { testbedError } from '../errors.ts';
import { createTierProcess, type TierProcess, type TierProcessOptions } from './tier-process.ts';

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
): Tier<Config, Ready> & Pick<TierProcess<Ready>, 'ask'> => {
  const process = createTierProcess<Ready>(options);
  let ready: Ready | undefined;
  return {
    start: async (config) => {
      ready = await startOnItsPorts(options.clock, () => process.start(config));
      return ready;
    },
    stop: () => process.stop(),
    kill: () => process.kill(),
    ask: (command) => process.ask(command),
    get ready() {
      return started(ready, options.name);
    },
    get pid() {
      return process.pid;
    },
  };
};

const PORT_TRIES = 10;
const PORT_PAUSE = Milliseconds(500);

/**
 * A tier that comes back wants the ports it had. While it was away the system may have lent one to somebody's outgoing
 * connection; that is over soon.
 */
const startOnItsPorts = async <Ready>(clock: Clock, start: () => Promise<Ready>): Promise<Ready> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === PORT_TRIES || !/EADDRINUSE|listen-failed/.test(errorMessage(error))) throw error;
      await sleep(clock, PORT_PAUSE);
    }
  }
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
