import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Seconds, systemClock, withDeadline } from '@postern/core';
import { untilGone } from '../support/leftovers.ts';
import { ROOT } from '../support/root.ts';

/** What the process runs: it starts a site, says so, and waits for its end. */
const STARTER = `
const { startTopology } = await import('@postern/testbed');
const firmware = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };
const devices = [{ id: 'printer-1', profile: 'printer', firmware }];
const topology = await startTopology({ run: 'namespaces', sites: [{ name: 'site-a', devices }] });
await topology.operator.devicesKnown(topology.deviceIds);
console.log(topology.ground.place({ role: 'server', name: 'server' }).host);
`;

/** A process that starts a site in network namespaces, as a test of somebody does. */
export class StarterProcess {
  readonly #child: ChildProcess;
  readonly #server: Promise<string>;

  constructor() {
    this.#child = spawn(process.execPath, ['--input-type=module', '-e', STARTER], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    this.#server = new Promise((resolve, reject) => {
      this.#child.once('exit', (code, signal) => reject(new Error(`It ended with ${code ?? signal}`)));
      if (stdout !== null) createInterface({ input: stdout }).once('line', resolve);
    });
    this.#server.catch(() => {});
  }

  /** @returns the server's address, on the line that shows on this machine */
  ready(): Promise<string> {
    return withDeadline(systemClock, Seconds(60), 'The start of the site', undefined, () => this.#server);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until the first namespace is there. */
  begun(): Promise<void> {
    return untilGone('the time before the first namespace', () => this.namespaces().length === 0);
  }

  /** Its network namespaces, as the kernel calls them. */
  namespaces(): readonly string[] {
    return processes()
      .filter((pid) => isHolderOf(pid, this.pid))
      .map(networkOf);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const processes = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

const isHolderOf = (pid: string, starter: number): boolean => {
  try {
    const isHolder = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postern-namespace');
    return isHolder && readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${starter}\n`);
  } catch {
    return false;
  }
};

const networkOf = (pid: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
};

/** Waits until no process is left in these namespaces: the kernel takes each away with the last one. */
export const emptied = (namespaces: readonly string[]): Promise<void> =>
  untilGone('the processes in namespaces', () =>
    processes().some((pid) => namespaces.includes(networkOf(pid))),
  );
