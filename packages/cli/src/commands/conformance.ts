import { createPinoLogger, systemClock, systemEntropy } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import type { Check, CheckResult } from '@postern/testbed/conformance';
import { Command } from 'commander';
import { cliError } from '../errors.ts';
import { type HostAndPort, hostAndPort } from '../option-values.ts';
import { conformanceLine, conformanceSummary } from '../output/conformance-lines.ts';
import { readBytes } from '../software-files.ts';

interface ConformanceOptions {
  readonly target: string;
  readonly identity: string;
  readonly only?: readonly string[];
  readonly json?: boolean;
}

interface DeviceOptions extends ConformanceOptions {
  readonly bulk?: HostAndPort;
  readonly manifest?: string;
}

/** `postern conformance`: whether an implementation of somebody else keeps the contracts. Exit code 0 when all that is required passes. */
export const conformanceCommand = (): Command =>
  new Command('conformance')
    .description('check implementations of other vendors against the contracts')
    .addCommand(deviceCommand());

const withTarget = (command: Command, whose: string): Command =>
  command
    .requiredOption('--target <url>', 'where its contract is served: https://HOST:PORT/PATH')
    .requiredOption('--identity <dir>', `bundle of the identity to call it with: ${whose}`)
    .option('--only <id...>', 'these checks only (repeatable)')
    .option('--json', 'print one JSON object a line');

/** `postern conformance device` */
const deviceCommand = (): Command =>
  withTarget(
    new Command('device').description('check a device, as its intermediary sees it; nothing is installed'),
    'that of the intermediary which the device obeys',
  )
    .option('--bulk <host:port>', 'its bulk path, unless it says where that is', hostAndPort)
    .option('--manifest <file>', 'a signed manifest that it would accept, if it takes no password without')
    .action(async (options: DeviceOptions) => {
      const { bulk, manifest } = options;
      const { deviceChecks, openDeviceTarget } = await import('@postern/testbed/conformance');
      await report(deviceChecks, options, async () =>
        openDeviceTarget({
          ...(await connection(options)),
          ...(bulk === undefined ? {} : { bulk }),
          ...(manifest === undefined ? {} : { signedManifest: await readBytes(manifest) }),
        }),
      );
    });

const connection = async ({ target, identity }: ConformanceOptions) => {
  if (!URL.canParse(target) || new URL(target).protocol !== 'https:') {
    throw cliError('target-url-invalid', `Not an https address: ${target.slice(0, 200)}`);
  }
  return {
    url: target,
    node: await openNodeIdentity({ directory: identity, clock: systemClock }),
    clock: systemClock,
    entropy: systemEntropy,
    // What goes wrong stands in the table.
    logger: createPinoLogger({ level: 'silent', name: 'conformance' }),
  };
};

/** Prints each result as it comes, then a summary. */
const report = async <T>(
  checks: readonly Check<T>[],
  { only, json }: ConformanceOptions,
  open: () => Promise<T>,
): Promise<void> => {
  const chosen = chosenOf(checks, only);
  const { conforms, runChecks } = await import('@postern/testbed/conformance');
  const target = await open();
  const results: CheckResult[] = [];
  for await (const result of runChecks(chosen, target, { clock: systemClock })) {
    results.push(result);
    process.stdout.write(`${json ? JSON.stringify(result) : conformanceLine(result)}\n`);
  }
  const good = conforms(results);
  if (!json) process.stdout.write(`\n${conformanceSummary(results, good)}\n`);
  if (!good) process.exitCode = 1;
};

/** @throws PosternError `check-unknown` */
const chosenOf = <T>(
  checks: readonly Check<T>[],
  only: readonly string[] | undefined,
): readonly Check<T>[] => {
  const unknown = only?.find((id) => !checks.some((check) => check.id === id));
  if (unknown !== undefined) throw cliError('check-unknown', `There is no check ${unknown}`);
  return checks.filter(({ id }) => only?.includes(id) ?? true);
};
