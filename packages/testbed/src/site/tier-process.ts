import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Clock, type Duration, Seconds, withDeadline } from '@postern/core';
import type { ProcessEvent } from '../devices/process-devices.ts';
import { testbedError } from '../errors.ts';
import { ProcessQuestions } from './process-questions.ts';

/** A tier that runs as a process of its own: the `postern` command, as an operator would start it. */
export interface TierProcess<Ready> {
  /** Starts it; resolves when it says that it is ready. */
  start(config: object): Promise<Ready>;
  /** Asks it to end, waits, and insists after a while. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /**
   * Sends a command to a process that was started `interactive`.
   *
   * @returns its answer
   * @throws PosternError with the code of the process's refusal; `tier-not-started` when it does not run
   */
  ask(command: object): Promise<ProcessEvent>;
  readonly pid: number | undefined;
}

export interface TierProcessOptions {
  readonly clock: Clock;
  /** `server`, `intermediary` or `device`. */
  readonly command: string;
  /** Configuration and log of the process are written here, as NAME.json and NAME.log. */
  readonly directory: string;
  /** What stands before its command line, to start it elsewhere than here (`nsenter --net=… --`). Default: nothing. */
  readonly launch?: readonly string[];
  readonly name: string;
  /** Every event that the process prints. */
  readonly onEvent?: ((event: ProcessEvent) => void) | undefined;
  /** Takes commands on its standard input. */
  readonly interactive?: boolean;
  /** The process is gone, by itself or not. */
  readonly onEnded?: () => void;
}

const READY_LIMIT: Duration = Seconds(30);
const STOP_LIMIT: Duration = Seconds(8);

export const createTierProcess = <Ready>(options: TierProcessOptions): TierProcess<Ready> => {
  const { clock, command, directory, name, launch = [], interactive = false } = options;
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  /** Counts starts and stops: a start that was stopped before its process was there goes no further. */
  let turns = 0;
  const questions = new ProcessQuestions(name);
  const onEvent = (event: ProcessEvent): void => {
    questions.take(event);
    options.onEvent?.(event);
  };

  const start = async (config: object): Promise<Ready> => {
    const configFile = join(directory, `${name}.json`);
    turns += 1;
    const turn = turns;
    await writeFile(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
    if (turn !== turns) throw testbedError('tier-not-started', `${name} was stopped before it had started`);
    const [program = process.execPath, ...argv] = [
      ...launch,
      process.execPath,
      ...[posternCommand(), command, '--config', configFile, '--json', '--steps', '--stop-with-parent'],
      ...(interactive ? ['--interactive'] : []),
    ];
    const started = spawn(program, argv, { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
    child = started;
    const log = createWriteStream(join(directory, `${name}.log`), { mode: 0o600 });
    started.stderr.pipe(log);
    ended = new Promise((resolve) => {
      started.once('close', () => {
        options.onEnded?.();
        questions.endAll();
        resolve();
      });
    });
    return withDeadline(clock, READY_LIMIT, `The start of ${name}`, undefined, (signal) =>
      readiness<Ready>(started, name, onEvent, signal),
    );
  };

  const signalAndWait = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    turns += 1;
    if (child === undefined) return;
    child.kill(signal);
    const insist = clock.schedule(STOP_LIMIT, () => child?.kill('SIGKILL'));
    await ended;
    insist.cancel();
    child = undefined;
  };

  return {
    start,
    stop: () => signalAndWait('SIGTERM'),
    kill: () => signalAndWait('SIGKILL'),
    ask: (question) => questions.ask(question, child?.stdin ?? undefined),
    get pid() {
      return child?.pid;
    },
  };
};

/** Reads the process's events; the first `ready` resolves, an early end rejects with its last words. */
const readiness = <Ready>(
  child: ChildProcess,
  name: string,
  onEvent: (event: ProcessEvent) => void,
  signal: AbortSignal,
): Promise<Ready> =>
  new Promise((resolve, reject) => {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new TypeError('The process has no pipes');
    let lastWords = '';
    stderr.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-2_000);
    });
    createInterface({ input: stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
      if (event['event'] === 'ready') resolve(event as Ready);
      onEvent(event);
    });
    child.once('exit', (code, reason) => {
      reject(testbedError('tier-not-started', `${name} ended with ${code ?? reason}: ${lastWords.trim()}`));
    });
    signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  });

/** The environment without variables that would change a tier's configuration. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('POSTERN_')));

/** The `postern` command that runs here (the demo), wherever it is installed; else the one that is installed nearest. */
const posternCommand = (): string => {
  const [, running] = process.argv;
  if (running !== undefined && /^postern(\.js)?$/.test(basename(running))) return running;
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', '.bin', 'postern');
    if (existsSync(candidate)) return candidate;
    if (at === dirname(at)) throw testbedError('command-not-found', 'The postern command is not installed');
  }
};
