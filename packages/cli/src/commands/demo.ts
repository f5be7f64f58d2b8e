import { runUntilSignalled, systemClock } from '@postern/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SITE_LETTERS, type SiteLetter } from '../demo/demo-sites.ts';
import { wholeNumber } from '../option-values.ts';

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly image?: string;
  readonly state: string;
  readonly devices: number;
  readonly sites: readonly SiteLetter[];
}

/** `postern demo`: the sites of Fig 1 and a first real update. Exit code 0 when that was verified. */
export const demoCommand = (): Command =>
  new Command('demo')
    .description(
      'management server, firewalls, intermediaries and devices on this machine, and one real update',
    )
    .option('--once', 'end after the update: exit code 0 when it was verified, 1 when it failed')
    .option('--image <file>', 'the firmware to install: any file of at least one byte')
    .option('--devices <n>', 'how many printers at site A; the first one is updated', wholeNumber, 3)
    .option(
      '--sites <letters>',
      'sites of Fig 1: a one intermediary, b one below another, c one built into a car; a is always there',
      siteLetters,
      SITE_LETTERS,
    )
    .addOption(
      new Option('--state <dir>', 'where the demo keeps its state between runs')
        .env('POSTERN_STATE_DIR')
        .default('.postern'),
    )
    .option('--json', 'print one JSON event a line')
    .action(async (options: DemoOptions) => {
      let end: () => void = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      await runUntilSignalled(
        systemClock,
        async (stop) => {
          const { runDemo } = await import('../demo/run-demo.ts');
          const demo = runDemo({ ...options, deviceCount: options.devices }, stop);
          demo.finished.then(end, end);
          return demo;
        },
        { ended },
      );
    });

const siteLetters = (value: string): readonly SiteLetter[] =>
  value.split(',').map((letter) => {
    const known = SITE_LETTERS.find((candidate) => candidate === letter.trim().toLowerCase());
    if (known === undefined) throw new InvalidArgumentError(`Name ${SITE_LETTERS.join(', ')}.`);
    return known;
  });
