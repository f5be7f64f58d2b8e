import { Command } from 'commander';
import { type CheckingOptions, checkTarget, withTarget } from './checking.ts';

/** `postern conformance server` */
export const serverCommand = (): Command =>
  withTarget(
    new Command('server').description('check a management server, as an intermediary sees it'),
    'that of an intermediary which no site uses',
  ).action(async (options: CheckingOptions) => {
    const { openServerTarget, serverChecks } = await import('@postern/testbed/conformance');
    await checkTarget(serverChecks, options, openServerTarget);
  });
