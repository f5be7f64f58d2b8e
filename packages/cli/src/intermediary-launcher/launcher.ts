import {
  type Clock,
  type Closable,
  errorCode,
  errorMessage,
  type Logger,
  Seconds,
  stoppedWithin,
} from '@postern/core';
import {
  bootOwnSoftware,
  type IntermediaryConfig,
  installedVersion,
  lockOwnSoftware,
  type OwnProgram,
  type OwnSoftwareConfig,
  RESTART_EXIT_CODE,
} from '@postern/intermediary/launch';
import { type ProgramEnd, type ProgramProcess, startProgram } from './program-process.ts';

export interface LauncherOptions {
  readonly config: IntermediaryConfig;
  readonly ownSoftware: OwnSoftwareConfig;
  /** The installed program: the `postern` command. */
  readonly installed: string;
  /** Of the `postern` command: what the programs are started with, too. */
  readonly argv: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told the exit code when no program runs any more and none is to be started. */
  readonly onEnded: (exitCode: number) => void;
}

/** A program that had started well and ended by itself is started again after this. */
const RESTART_PAUSE = Seconds(1);

/**
 * The boot loader of an intermediary whose own software is updated: starts the program of the active slot, again
 * whenever it asks for it. One on trial that ends, or does not start well in time, has had one of its tries; after the
 * last the program before it is started. A committed program that cannot start at all ends the launcher: that is for
 * the service manager, or a person.
 *
 * @throws PosternError `directory-in-use` when another launcher runs there
 * @spec U21 X4
 */
export const launchIntermediary = async (options: LauncherOptions): Promise<Closable> => {
  const lock = await lockOwnSoftware(options.config.dataDir);
  const stopping = new AbortController();
  const launcher = new Launcher(options, stopping.signal);
  const running = launcher.run().catch((error: unknown) => {
    if (stopping.signal.aborted) return 0;
    const code = errorCode(error, 'internal-error');
    const { hint } = error as { readonly hint?: string };
    options.logger.error('No program could be started', { code, reason: errorMessage(error), hint });
    return 1;
  });
  void running.then((code) => {
    if (!stopping.signal.aborted) options.onEnded(code);
  });
  return {
    close: async () => {
      stopping.abort();
      launcher.stop();
      await running;
      lock.release();
    },
  };
};

class Launcher {
  readonly #options: LauncherOptions;
  readonly #stopping: AbortSignal;
  #process: ProgramProcess | undefined;

  constructor(options: LauncherOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  stop(): void {
    this.#process?.stop();
  }

  /** @returns the exit code for this process */
  async run(): Promise<number> {
    const { clock } = this.#options;
    for (;;) {
      // Asked each time: somebody may have installed another one.
      const installed = installedVersion();
      const boot = { ...this.#options, installedVersion: installed };
      const program = await bootOwnSoftware(boot, this.#stopping);
      if (this.#stopping.aborted) return 0;
      const end = await this.#runOne(program, installed);
      if (this.#stopping.aborted) return 0;
      if (!this.#goesOn(program, end)) return end.code ?? 1;
      if (end.wasGood && end.code !== RESTART_EXIT_CODE) {
        if (await stoppedWithin(clock, RESTART_PAUSE, this.#stopping)) return 0;
      }
    }
  }

  async #runOne({ main, version, trial }: OwnProgram, packageVersion: string): Promise<ProgramEnd> {
    const { installed, argv, clock, logger, ownSoftware } = this.#options;
    const { startLimit } = ownSoftware;
    logger.info('A program is started', { version, installed: main === undefined, trial });
    this.#process = startProgram({
      argv: [main ?? installed, ...argv, '--launched', packageVersion, '--stop-with-parent'],
      clock,
      startLimit: trial ? startLimit : undefined,
      onGoodStart: () => logger.info('The program has started well', { version }),
      onTooSlow: () => logger.error('The new software has not started well in time', { version, startLimit }),
    });
    return this.#process.ended;
  }

  #goesOn({ version, trial }: OwnProgram, { code, wasGood }: ProgramEnd): boolean {
    const { logger } = this.#options;
    if (code === RESTART_EXIT_CODE && wasGood) return true;
    const facts = { version, code, wasGood };
    if (wasGood) logger.error('The program ended unexpectedly; it is started again', facts);
    else if (trial) logger.error('The new software did not start', facts);
    else logger.error('The program could not start', facts);
    return wasGood || trial;
  }
}
