import { join } from 'node:path';
import { createPinoLogger, systemClock, systemEntropy } from '@postern/core';
import { Command, Option } from 'commander';
import { exitCodeOf } from '../follow-site-update.ts';
import { wholeNumber } from '../option-values.ts';
import { createUpdatePrinter } from '../output/update-printer.ts';
import type { DirectUpdate } from '../update-direct.ts';

interface DirectOptions extends Omit<DirectUpdate, 'state'> {
  readonly state?: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly json?: boolean;
}

/**
 * `postern update direct`: a stand-alone updater. Exit code 0 when the device was verified or had the software, 1 when
 * not, 130 when it was interrupted: then the same command goes on.
 *
 * @spec U20
 */
export const directCommand = (): Command =>
  new Command('direct')
    .description('update one device from here, without server and intermediary')
    .requiredOption('--device <name>', 'the device; its `updaters` name the identity of this tool')
    .requiredOption('--host <address>', 'where it is')
    .requiredOption('--secure-port <port>', 'where it serves the secure path', wholeNumber)
    .addOption(
      new Option('--role <role>', 'what it proves to be: an intermediary for its own software')
        .choices(['device', 'intermediary'])
        .default('device'),
    )
    .addOption(
      new Option('--bundle <path>', 'what to install, as `postern software bundle` makes it').conflicts([
        'manifest',
        'image',
      ]),
    )
    .option('--manifest <file>', 'what to install: signed manifest')
    .option('--image <[component=]file...>', 'the image files it names (repeatable)')
    .option('--key-rotation <file...>', 'signed key rotations, oldest first (repeatable)')
    .requiredOption('--identity <dir>', "bundle of the tool's identity, an intermediary's")
    .requiredOption('--vendor-key <file...>', 'public keys of the vendor (repeatable)')
    .option('--vendor-threshold <n>', 'how many of them must have signed', wholeNumber, 1)
    .option('--state <dir>', 'what the tool remembers; default: .postern/direct/DEVICE')
    .option('--notice-host <address>', 'where the device reaches this machine; found out unless given')
    .option('--notice-port <port>', 'for its start notification; any free one unless given', wholeNumber)
    .option('--deadline <seconds>', 'from now, when the update has failed at the latest', wholeNumber, 3600)
    .addOption(
      new Option('--log-level <level>', 'what is logged, to standard error')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .env('POSTERN_LOG_LEVEL')
        .default('error'),
    )
    .option('--json', 'print one JSON event a line')
    .action(async (options: DirectOptions) => {
      const { updateDirect } = await import('../update-direct.ts');
      const { state = join('.postern', 'direct', options.device) } = options;
      const logger = createPinoLogger({ level: options.logLevel, name: 'update-direct' });
      const printer = createUpdatePrinter(process.stdout, options);
      const update = await untilSignalled((signal) =>
        updateDirect(
          { ...options, state },
          { clock: systemClock, entropy: systemEntropy, logger, printer, signal },
        ),
      );
      process.exitCode = exitCodeOf(update);
    });

/** Ends the work where it is at the first signal; a second one ends the process. */
const untilSignalled = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
  }
};
