import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Milliseconds, Seconds, sleep, systemClock, withDeadline } from '@postern/core';
import { isAlive } from '@postern/core/testing';

/** Names that only files under way have: atomic writes of storage, pki and the devices, and unfinished images. */
const TEMPORARY = /\.(?:postern-tmp|partial|new)$/;

/** Files in a site's directory that somebody began and did not put in place. */
export const temporaryFiles = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true })).filter((name) => TEMPORARY.test(name));

/** Processes that were started for a site: its directory is on their command line. */
export const processesOf = async (directory: string): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(directory));
};

/** Waits until all processes are gone that were started for a site: they end by themselves. */
export const allGone = (directory: string): Promise<void> =>
  untilGone(`the processes of ${directory}`, async () => (await processesOf(directory)).length > 0);

/** Waits until a process is gone. */
export const processGone = (pid: number): Promise<void> => untilGone(`process ${pid}`, () => isAlive(pid));

/** Nobody tells of the end of a process that somebody else has started: it has to be looked for. */
export const untilGone = (what: string, there: () => boolean | Promise<boolean>): Promise<void> =>
  withDeadline(systemClock, Seconds(20), `The end of ${what}`, undefined, async (signal) => {
    while (await there()) await sleep(systemClock, Milliseconds(20), signal);
  });
