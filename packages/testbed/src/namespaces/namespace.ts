import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, Seconds, withDeadline } from '@postern/core';
import { testbedError } from '../errors.ts';
import { PATH, runCommand } from './command.ts';

/** How long the process that holds a namespace may take to come and to go. */
const HOLDER_LIMIT = Seconds(10);

/**
 * Says that it is there, and waits for the end of its input: of {@link Namespace.close}, or of this process. Lines go at
 * once then: connections that nobody ends in order would keep the namespace, and them, for minutes.
 */
const HOLD = `
echo
read -r _
ip -o link show type veth | while IFS=': @' read -r _ line _; do ip link delete "$line"; done 2>/dev/null
`;

/**
 * A network namespace without a name. A small process holds it and ends with this one, however that ends: then the kernel
 * takes namespace, interfaces and rules away, and nothing is ever left to clean up.
 */
export class Namespace {
  readonly #clock: Clock;
  readonly #holder: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(clock: Clock, label: string) {
    this.#clock = clock;
    // In a session of its own, a Ctrl-C does not take the network away before the nodes on it have ended.
    this.#holder = spawn('unshare', ['--net', '--', 'sh', '-c', HOLD, `postern-namespace ${label}`], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
      env: { ...process.env, PATH },
    });
    this.#ended = new Promise((resolve) => this.#holder.once('close', () => resolve()));
    this.#holder.stdin?.on('error', () => {});
  }

  /**
   * Makes a namespace in which nothing is but a loopback.
   *
   * @param label what `ps` shows
   * @throws PosternError `namespaces-unavailable`
   */
  static async open(clock: Clock, label: string): Promise<Namespace> {
    const namespace = new Namespace(clock, label);
    try {
      await withDeadline(clock, HOLDER_LIMIT, `Making the namespace ${label}`, undefined, () =>
        namespace.#isThere(),
      );
      namespace.ip('link set lo up');
      return namespace;
    } catch (error) {
      await namespace.close();
      throw error;
    }
  }

  #isThere(): Promise<void> {
    const { stdout } = this.#holder;
    return new Promise((resolve, reject) => {
      stdout?.once('data', () => resolve());
      const fail = (cause?: unknown): void =>
        reject(testbedError('namespaces-unavailable', 'A namespace could not be made', cause));
      this.#holder.once('error', fail);
      this.#holder.once('close', () => fail());
    });
  }

  /** By which `ip link` knows it. */
  get pid(): number {
    const { pid, exitCode, signalCode } = this.#holder;
    if (pid === undefined || exitCode !== null || signalCode !== null) {
      throw testbedError('namespaces-unavailable', 'The process that holds a namespace has ended');
    }
    return pid;
  }

  /** What stands before the command line of a process to start it here. */
  get launch(): readonly string[] {
    // `ip netns exec` would give the process another /sys too, and asks for a name.
    return ['nsenter', `--net=/proc/${this.pid}/ns/net`, '--'];
  }

  /**
   * Runs a program here.
   *
   * @returns its standard output
   * @throws PosternError `network-command-failed`
   */
  run(command: readonly string[], input?: string): string {
    return runCommand([...this.launch, ...command], input);
  }

  /** Runs lines of `ip`. */
  ip(...lines: readonly string[]): void {
    this.run(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
  }

  /** Writes settings of the kernel under /proc/sys/net. */
  set(settings: Readonly<Record<string, number>>): void {
    const pairs = Object.entries(settings).map(([path, value]) => `${value} ${path}`);
    const write = 'while read -r value path; do echo "$value" >"/proc/sys/net/$path" || exit 1; done';
    this.run(['sh', '-c', write], `${pairs.join('\n')}\n`);
  }

  /** Gives the namespace up. It goes when the last process in it has ended. Idempotent. */
  async close(): Promise<void> {
    this.#holder.stdin?.end();
    if (this.#holder.pid === undefined) return;
    const insist = this.#clock.schedule(HOLDER_LIMIT, () => this.#holder.kill('SIGKILL'));
    await this.#ended;
    insist.cancel();
  }
}
