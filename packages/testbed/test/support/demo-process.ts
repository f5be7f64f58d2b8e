import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './root.ts';

/** One line of `postern demo --json`. */
export type DemoEvent = Readonly<Record<string, unknown>>;

/** `postern demo` as a process with a group of its own, as a shell starts it. */
export class DemoProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<(event: DemoEvent) => void>();
  readonly events: DemoEvent[] = [];
  /** How the process ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | string>;

  constructor(stateDirectory: string, ...options: readonly string[]) {
    const command = join(ROOT, 'packages', 'cli', 'bin', 'postern.js');
    const argv = [
      command,
      'demo',
      '--json',
      ...['--devices', '1', '--sites', 'a', '--state', stateDirectory],
      ...options,
    ];
    this.#child = spawn(process.execPath, argv, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    const { stdout } = this.#child;
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.#take(line));
  }

  /** Resolves with the first event that the pattern is a part of. Rejects when the demo ends without one. */
  async event(pattern: DemoEvent): Promise<DemoEvent> {
    const fits = (event: DemoEvent): boolean =>
      Object.entries(pattern).every(([key, value]) => event[key] === value);
    const known = this.events.find(fits);
    if (known !== undefined) return known;
    const coming = new Promise<DemoEvent>((resolve) => {
      const look = (event: DemoEvent): void => {
        if (!fits(event)) return;
        this.#waiting.delete(look);
        resolve(event);
      };
      this.#waiting.add(look);
    });
    const missed = this.ended.then((how) => {
      throw new Error(`The demo ended with ${how} before ${JSON.stringify(pattern)}`);
    });
    return Promise.race([coming, missed]);
  }

  /** What Ctrl-C does: SIGINT for every process of the group. */
  interrupt(): void {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGINT');
  }

  /** SIGKILL, for the demo itself and none of its children. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #take(line: string): void {
    const event = JSON.parse(line) as DemoEvent;
    this.events.push(event);
    for (const look of [...this.#waiting]) look(event);
  }
}
