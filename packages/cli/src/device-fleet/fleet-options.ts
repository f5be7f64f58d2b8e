import { type Clock, type Entropy, errorMessage } from '@postern/core';
import { type Command, Option } from 'commander';
import { cliError } from '../errors.ts';
import { wholeNumber } from '../option-values.ts';
import { requireDescriptors } from './descriptor-limit.ts';
import { fleetMembers } from './fleet-plan.ts';

/** What the command line says of a fleet. */
export interface FleetOptions {
  readonly count?: number;
  readonly prefix?: string;
  readonly profile?: string;
  readonly pki?: string;
}

export interface FleetSurroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signal: AbortSignal;
  /** A line for people who wait. */
  readonly tell: (line: string) => void;
}

/** Adds `--count`, `--prefix`, `--profile` and `--pki` to `postern device`. */
export const addFleetOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--count <n>', 'a fleet of so many devices, made first where they are missing').argParser(
        wholeNumber,
      ),
    )
    .option('--prefix <text>', 'begins the names of a fleet (default: the profile and a dash: mfp-1)')
    .option('--profile <name|file>', 'the kind of devices of a fleet: a profile of the package, or a file')
    .option('--pki <dir>', 'for a fleet: the development CA in DIR/ca, identities in DIR/identities');

/** Progress is told about so often. */
const STEPS = 20;

/**
 * The configuration with the devices of a fleet, each of which exists then.
 *
 * @throws PosternError `fleet-invalid`, `fd-limit-too-low`, `cancelled`, and those of making devices
 */
export const withFleet = async (
  input: object,
  { count, prefix, profile: kind, pki }: FleetOptions,
  { clock, entropy, signal, tell }: FleetSurroundings,
): Promise<object> => {
  if (count === undefined) {
    if (prefix !== undefined || kind !== undefined || pki !== undefined) {
      throw cliError('fleet-invalid', '--prefix, --profile and --pki are for a fleet (--count)');
    }
    return input;
  }
  if (pki === undefined) throw cliError('fleet-invalid', 'A fleet needs --pki DIR');
  if ('devices' in input)
    throw cliError('fleet-invalid', 'A fleet takes the place of `devices` in the configuration');
  const dataDir = 'dataDir' in input ? input.dataDir : undefined;
  if (typeof dataDir !== 'string') throw cliError('config-invalid', 'dataDir: a fleet needs it');
  const { profileNamed } = await import('@postern/device-emulator');
  const { name } = profileNamed(kind ?? 'mfp');
  const request = { count, prefix: prefix ?? `${name}-`, profile: kind ?? 'mfp', pki };
  const members = fleetMembers(request);
  requireDescriptors(count);
  const { prepareFleet } = await import('./prepare-fleet.ts');
  const every = Math.max(1, Math.ceil(count / STEPS));
  let ready = 0;
  const onProgress = (done: number): void => {
    ready = done;
    if (done % every === 0 || done === count) tell(`Devices made: ${done} of ${count}`);
  };
  try {
    await prepareFleet({ members, pki, dataDir, clock, entropy, signal, onProgress });
  } catch (error) {
    tell(`Stopped at ${ready} of ${count}: ${errorMessage(error)}. The same command goes on from there.`);
    throw error;
  }
  return { ...input, devices: members };
};
