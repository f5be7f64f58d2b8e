import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

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
