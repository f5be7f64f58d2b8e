import { type ChildProcess, spawn } from 'node:child_process';
import { access, chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Milliseconds, Seconds, sleep, systemClock, withDeadline } from '@postern/core';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { ROOT } from '../support/root.ts';

/**
 * The engine: it answers while its socket's file is there, says with `stopped` that it has ended in order, and keeps what
 * runs on it in a file, over its end too.
 */
const DOCKERD = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    --host) socket=\${2#unix://}; shift ;;
    --pidfile) pid=$2; shift ;;
    --data-root) data=$2; shift ;;
  esac
  shift
done
mkdir -p "$data"
echo $$ >"$pid"
echo "start $data" >>"$ENGINE_LOG"
trap 'rm -f "$socket" "$pid"; echo "stop $data" >>"$ENGINE_LOG"; exit 0' TERM
: >"$socket"
while :; do sleep 0.1; done
`;

/** The client: builds for as long as nobody ends it; what a project has made stands in the file \`there\` of the engine. */
const DOCKER = `#!/bin/sh
engine=$(dirname "\${DOCKER_HOST#unix://}")
case "$1 $2" in
  "--version "*) echo fake; exit 0 ;;
  "compose version") echo 2.0.0; exit 0 ;;
esac
[ -n "$DOCKER_HOST" ] && [ -e "\${DOCKER_HOST#unix://}" ] || exit 1
case "$1" in
  version) echo 20 ;;
  pull|tag) ;;
  compose)
    echo left >"$engine/there"
    echo "building" >>"$ENGINE_LOG"
    [ -z "$ENGINE_HOLDS" ] || exec sleep 600 ;;
  ps) [ ! -e "$engine/there" ] || cat "$engine/there" ;;
  rm) rm -f "$engine/there"; echo "rm $4" >>"$ENGINE_LOG" ;;
esac
`;

/** Runs of `npm run test:compose` on an engine that is none, with folders of their own. */
export class FakeEngine {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(): Promise<FakeEngine> {
    const engine = new FakeEngine(await temporaryDirectory());
    await mkdir(engine.#at('bin'));
    await mkdir(engine.#at('runs'));
    await writeFile(engine.#at('log'), '');
    for (const [name, text] of Object.entries({ docker: DOCKER, dockerd: DOCKERD })) {
      await writeFile(engine.#at('bin', name), text);
      await chmod(engine.#at('bin', name), 0o755);
    }
    return engine;
  }

  #at(...path: readonly string[]): string {
    return join(this.#directory, ...path);
  }

  /** @param holds whether the build never ends */
  start(holds: boolean): ComposeRun {
    const { DOCKER_HOST: _, ...env } = process.env;
    const child = spawn(
      process.execPath,
      // Whatever a run comes to, it runs no test here.
      [join(ROOT, 'packages/testbed/tooling/compose.js'), '--version'],
      {
        env: {
          ...env,
          PATH: `${this.#at('bin')}:${process.env['PATH']}`,
          TMPDIR: this.#at('runs'),
          ENGINE_LOG: this.#at('log'),
          ENGINE_HOLDS: holds ? 'yes' : '',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const run = new ComposeRun(child);
    afterwards(async () => run.kill('SIGKILL'));
    return run;
  }

  /** Folders of runs. */
  async runs(): Promise<readonly string[]> {
    return readdir(this.#at('runs'));
  }

  /** Whether the engine of a run answers. */
  async answers(run: string): Promise<boolean> {
    return access(this.#at('runs', run, 'engine', 'docker.sock')).then(
      () => true,
      () => false,
    );
  }

  async log(): Promise<string> {
    return readFile(this.#at('log'), 'utf8');
  }

  /** Waits until so many lines of the log begin so. */
  async logged(start: string, times = 1): Promise<void> {
    const count = async () => (await this.log()).split('\n').filter((line) => line.startsWith(start)).length;
    await withDeadline(systemClock, Seconds(60), `"${start}" of the engine`, undefined, async (signal) => {
      while ((await count()) < times) await sleep(systemClock, Milliseconds(20), signal);
    });
  }
}

export class ComposeRun {
  readonly #child: ChildProcess;
  /** What it says, and its exit code or signal. */
  readonly ended: Promise<{ readonly how: number | string; readonly said: string }>;

  constructor(child: ChildProcess) {
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
    }
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ how: code ?? signal ?? 'unknown', said }));
    });
  }

  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
