import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Plain } from '../../toolkits/plain-values.ts';
import type { ContractCalls, ExampleCall } from '../../toolkits/recording-service.ts';

export type SoapVersion = '1.1' | '1.2';

/** One call, in every form that a driver takes. */
export type ToolkitCall = Pick<ExampleCall, 'operation' | 'request' | 'requestType' | 'requestXml'>;

/** What a toolkit's driver is to call, and how it gets there. */
export interface Job {
  readonly contract: Pick<ContractCalls, 'name'>;
  /** Of the service; the contract is at `?wsdl`. */
  readonly url: string;
  readonly version: SoapVersion;
  readonly tls: { readonly ca: string; readonly cert?: string; readonly key?: string };
  readonly basic?: { readonly user: string; readonly passwordFile: string };
  readonly bearer?: { readonly tokenFile: string };
  readonly calls: readonly ToolkitCall[];
}

/** What came of one call, as the toolkit understood it. */
export interface Outcome {
  readonly operation: string;
  readonly answer?: Plain;
  /** The answer written again by the toolkit's own classes. */
  readonly answerXml?: string;
  /** `failure`: of the fault's detail; null where the toolkit found none, an HTTP status for instance. */
  readonly fault?: { readonly text: string; readonly failure: Readonly<Record<string, string>> | null };
}

/** A SOAP toolkit of another vendor, driven from outside. */
export interface Toolkit {
  readonly name: string;
  /** Makes ready what is made once: generated classes, say. */
  readonly prepare?: (directory: string) => Promise<void>;
  readonly run: (job: Job) => Promise<readonly Outcome[]>;
}

const LIMIT_MS = 120_000;

/** Runs a driver: its input in, its lines out. */
export const runDriver = async (
  command: string,
  args: readonly string[],
  input: string,
): Promise<readonly Outcome[]> =>
  (await run(command, args, input))
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Outcome);

/**
 * Runs a program to its end; one that hangs is killed.
 *
 * @throws Error with what it said, when it fails
 */
export const run = async (command: string, args: readonly string[], input = ''): Promise<string> => {
  const child = spawn(command, args, { timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  // What it does not read is not missed: how it ended tells more.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode === 0) return stdout;
  throw new Error(`${command} ended with ${child.exitCode ?? child.signalCode}: ${stderr.slice(-4_000)}`);
};
