import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const KIB = 1_024;

/** Resident memory of a process, in bytes. */
const residentBytes = async (pid: number): Promise<number> => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', `${pid}`]);
  return Number(stdout) * KIB;
};

/** Highest resident memory since the last {@link forgetPeak}, in bytes; `undefined` where the system does not tell. */
const peakBytes = async (pid: number): Promise<number | undefined> => {
  if (process.platform !== 'linux') return undefined;
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kib === undefined ? undefined : Number(kib) * KIB;
};

/** proc(5), clear_refs: 5 sets the peak to what is resident now. */
const forgetPeak = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');

/** Follows how far a process's resident memory grows. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #before: number;
  #highest: number;

  private constructor(pid: number, before: number) {
    this.#pid = pid;
    this.#before = before;
    this.#highest = before;
  }

  /** What is resident now is what growth is counted from. */
  static async start(pid: number): Promise<MemoryWatch> {
    // Where the peak cannot be forgotten it may be higher than it should: the test is then stricter, never laxer.
    if (process.platform === 'linux') await forgetPeak(pid).catch(() => {});
    return new MemoryWatch(pid, await residentBytes(pid));
  }

  /** Looks once; between looks the system itself keeps the peak, where it can. */
  async look(): Promise<void> {
    const now = (await peakBytes(this.#pid)) ?? (await residentBytes(this.#pid));
    this.#highest = Math.max(this.#highest, now);
  }

  /** Bytes above the start at the highest look. */
  get growth(): number {
    return this.#highest - this.#before;
  }
}
