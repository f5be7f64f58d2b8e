import type { OperationClient } from '@postern/intermediary/operation';
import { type Command, Option } from 'commander';

/** How a command finds the intermediary of this machine. */
export interface SiteOptions {
  readonly dataDir?: string;
  readonly socket?: string;
  readonly json?: boolean;
}

/** Adds the options of every command that talks to an operation port. */
export const withSiteOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--data-dir <dir>', "`dataDir` of the intermediary's configuration")
        .env('POSTERN_SITE_DIR')
        .default('.'),
    )
    .option('--socket <path>', "`operation.socket` of the intermediary's configuration, where one is set")
    .option('--json', 'print JSON');

/** Talks to the intermediary; Ctrl-C ends the call, never the intermediary's work. */
export const withSite = async <T>(
  options: SiteOptions,
  work: (site: OperationClient) => Promise<T>,
): Promise<T> => {
  const { OperationClient, operationSocket } = await import('@postern/intermediary/operation');
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const path = operationSocket(options.dataDir ?? '.', options.socket);
    return await work(new OperationClient(path, interrupted.signal));
  } finally {
    process.off('SIGINT', onInterrupt);
  }
};
