import { createPinoLogger, systemClock, systemEntropy } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import type { Check, CheckResult, TargetConnection } from '@postern/testbed/conformance';
import type { Command } from 'commander';
import { cliError } from '../../errors.ts';
import { conformanceLine, conformanceSummary } from '../../output/conformance-lines.ts';

/** What the check of every implementation takes. */
export interface CheckingOptions {
  readonly target: string;
  readonly identity: string;
  readonly only?: readonly string[];
  readonly json?: boolean;
}

/**
 * Gives a command the options of {@link CheckingOptions}.
 *
 * @param whose whose identity it takes
 */
export const withTarget = (command: Command, whose: string): Command =>
  command
    .requiredOption('--target <url>', 'where its contract is served: https://HOST:PORT/PATH')
    .requiredOption('--identity <dir>', `bundle of the identity to call it with: ${whose}`)
    .option('--only <id...>', 'these checks only (repeatable)')
    .option('--json', 'print one JSON object a line');

/**
 * Carries out checks and prints each result as it comes, then a summary. Sets the exit code.
 *
 * @throws PosternError `check-unknown`, `target-url-invalid`, codes of pki about the identity
 */
export const checkTarget = async <T>(
  checks: readonly Check<T>[],
  options: CheckingOptions,
  open: (connection: TargetConnection) => Promise<T>,
): Promise<void> => {
  const { only, json } = options;
  const chosen = chosenOf(checks, only);
  const { conforms, runChecks } = await import('@postern/testbed/conformance');
  const target = await open(await connectionOf(options));
  const width = Math.max(...chosen.map(({ id }) => id.length));
  const results: CheckResult[] = [];
  for await (const result of runChecks(chosen, target, { clock: systemClock })) {
    results.push(result);
    process.stdout.write(`${json ? JSON.stringify(result) : conformanceLine(result, width)}\n`);
  }
  const good = conforms(results);
  if (!json) process.stdout.write(`\n${conformanceSummary(results, good)}\n`);
  if (!good) process.exitCode = 1;
};

/**
 * An address of a contract.
 *
 * @throws PosternError `target-url-invalid`
 */
export const contractUrl = (text: string): string => {
  if (URL.canParse(text) && new URL(text).protocol === 'https:') return text;
  throw cliError('target-url-invalid', `Not an https address: ${text.slice(0, 200)}`);
};

const connectionOf = async ({ target, identity }: CheckingOptions): Promise<TargetConnection> => ({
  url: contractUrl(target),
  node: await openNodeIdentity({ directory: identity, clock: systemClock }),
  clock: systemClock,
  entropy: systemEntropy,
  // What goes wrong stands in the table.
  logger: createPinoLogger({ level: 'silent', name: 'conformance' }),
});

/** @throws PosternError `check-unknown` */
const chosenOf = <T>(
  checks: readonly Check<T>[],
  only: readonly string[] | undefined,
): readonly Check<T>[] => {
  const unknown = only?.find((id) => !checks.some((check) => check.id === id));
  if (unknown !== undefined) throw cliError('check-unknown', `There is no check ${unknown}`);
  return checks.filter(({ id }) => only?.includes(id) ?? true);
};
