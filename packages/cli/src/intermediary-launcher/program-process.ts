import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, type Duration, Seconds, type Timer } from '@postern/core';
import { isGoodStart } from '@postern/intermediary/launch';

/** How a program ended. */
export interface ProgramEnd {
  /** Its exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  /** It had started well before. */
  readonly wasGood: boolean;
}

/** A program that runs as a process of its own. */
export interface ProgramProcess {
  readonly ended: Promise<ProgramEnd>;
  /** Asks it to end, and insists after a while. */
  stop(): void;
}

export interface ProgramProcessOptions {
  /** What follows `node` on the command line. */
  readonly argv: readonly string[];
  readonly clock: Clock;
  /** When it has to have started well, or is stopped; undefined for one that may take any time. */
  readonly startLimit: Duration | undefined;
  readonly onGoodStart: () => void;
  readonly onTooSlow: () => void;
}

/** Less than what this process itself has to end in (`runUntilSignalled`), so that no program is left behind. */
const STOP_LIMIT = Seconds(4);

/**
 * Starts a program whose life hangs on ours: its standard input is a pipe that ends when this process does, however it
 * does. Output and log are shared.
 */
export const startProgram = (options: ProgramProcessOptions): ProgramProcess => {
  const { argv, clock, startLimit, onGoodStart, onTooSlow } = options;
  const child = spawn(process.execPath, [...process.execArgv, ...argv], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
  });
  // Writing to a program that has just ended is no trouble of ours.
  child.stdin?.on('error', () => {});
  let good = false;
  let insisting: Timer | undefined;
  const stop = (): void => {
    if (insisting !== undefined || hasEnded(child)) return;
    // That and no signal: a second one would have it end at once.
    child.stdin?.end();
    insisting = clock.schedule(STOP_LIMIT, () => child.kill('SIGKILL'));
  };
  const late =
    startLimit === undefined
      ? undefined
      : clock.schedule(startLimit, () => {
          onTooSlow();
          stop();
        });
  child.on('message', (message) => {
    if (good || !isGoodStart(message)) return;
    good = true;
    late?.cancel();
    onGoodStart();
  });
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    const settle = (): void => {
      late?.cancel();
      insisting?.cancel();
    };
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      settle();
      reject(error);
    });
    child.once('close', (code) => {
      settle();
      resolve({ code: code ?? undefined, wasGood: good });
    });
  });
  return { ended, stop };
};

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
