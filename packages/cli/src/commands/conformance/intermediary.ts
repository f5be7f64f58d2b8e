import { Seconds, systemClock } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import type { IntermediaryTarget } from '@postern/testbed/conformance';
import { Command } from 'commander';
import { type HostAndPort, hostAndPort, wholeNumber } from '../../option-values.ts';
import { readSigners } from '../../software-files.ts';
import { type CheckingOptions, checkTarget, withTarget } from './checking.ts';

interface IntermediaryOptions extends CheckingOptions {
  readonly serverIdentity: string;
  readonly listen: HostAndPort;
  readonly patience: number;
  readonly patentDevice?: string;
  readonly vendorKey?: readonly string[];
}

const PATIENCE_SECONDS = 120;
const PROGRESS_EVERY = Seconds(15);

/** `postern conformance intermediary` */
export const intermediaryCommand = (): Command =>
  withTarget(
    new Command('intermediary').description(
      'check an intermediary: plays the server that it polls, and devices below it',
    ),
    'that of the device which is played',
  )
    .requiredOption('--server-identity <dir>', 'bundle of the management server which is played')
    .requiredOption(
      '--listen <host:port>',
      'where the server is played, under an address at which the intermediary reaches this machine',
      hostAndPort,
    )
    .option('--patience <seconds>', 'how long to wait for the first poll', wholeNumber, PATIENCE_SECONDS)
    .option(
      '--vendor-key <file...>',
      'private keys of a vendor that it trusts: updates are tried (repeatable)',
    )
    .option(
      '--patent-device <dir>',
      "bundle of a second device, which is played with the patent's part only (updates)",
    )
    .action(async (options: IntermediaryOptions) => {
      const { listen, serverIdentity, vendorKey, patentDevice } = options;
      const { intermediaryChecks, openIntermediaryTarget } = await import('@postern/testbed/conformance');
      let target: IntermediaryTarget | undefined;
      try {
        await checkTarget(intermediaryChecks, options, async (connection) => {
          target = await openIntermediaryTarget({
            ...connection,
            server: await openNodeIdentity({ directory: serverIdentity, clock: systemClock }),
            listen,
            ...(vendorKey === undefined ? {} : { signers: await readSigners(vendorKey) }),
            ...(patentDevice === undefined
              ? {}
              : { patentDevice: await openNodeIdentity({ directory: patentDevice, clock: systemClock }) }),
          });
          await awaitFirstPoll(target, options.patience);
          return target;
        });
      } finally {
        await target?.close();
      }
    });

/** Says where the server is played and waits; standard output is for the results. */
const awaitFirstPoll = async (target: IntermediaryTarget, patience: number): Promise<void> => {
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  say(`The management server is played at ${target.uplinkUrl}. Waiting ${patience} s for the first poll …`);
  const began = systemClock.monotonic();
  const waited = (): number => Math.round((systemClock.monotonic() - began) / 1_000);
  const tick = (): void => {
    say(`… ${patience - waited()} s are left`);
    timer = systemClock.schedule(PROGRESS_EVERY, tick, { background: true });
  };
  let timer = systemClock.schedule(PROGRESS_EVERY, tick, { background: true });
  try {
    const name = await target.firstPoll(Seconds(patience));
    say(`${name} polls.`);
  } finally {
    timer.cancel();
  }
};
