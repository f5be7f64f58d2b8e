import { type Command, Option } from 'commander';
import { cliError } from '../errors.ts';
import { wholeNumber } from '../option-values.ts';
import { requireDescriptors } from './descriptor-limit.ts';
import { caDirectory, type FleetMember, fleetMembers } from './fleet-plan.ts';

/** What the command line says of a fleet. */
export interface FleetOptions {
  readonly count?: number;
  readonly prefix?: string;
  readonly profile?: string;
  readonly pki?: string;
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

/** A fleet as it is planned: nothing of it need exist. */
export interface FleetPlan {
  readonly members: readonly FleetMember[];
  readonly pki: string;
  readonly dataDir: string;
}

/**
 * The fleet that the command line asks for; `undefined` where it asks for none.
 *
 * @throws PosternError `fleet-invalid`, `fd-limit-too-low`, `config-invalid`, and those of reading its profile
 */
export const plannedFleet = async (
  input: object,
  { count, prefix, profile, pki }: FleetOptions,
): Promise<FleetPlan | undefined> => {
  if (count === undefined) {
    if (prefix !== undefined || profile !== undefined || pki !== undefined) {
      throw cliError('fleet-invalid', '--prefix, --profile and --pki are for a fleet (--count)');
    }
    return undefined;
  }
  if (pki === undefined) throw cliError('fleet-invalid', 'A fleet needs --pki DIR');
  if ('devices' in input)
    throw cliError('fleet-invalid', 'A fleet takes the place of `devices` in the configuration');
  const dataDir = 'dataDir' in input ? input.dataDir : undefined;
  if (typeof dataDir !== 'string') throw cliError('config-invalid', 'dataDir: a fleet needs it');
  const { profileNamed } = await import('@postern/device-emulator');
  const kind = profile ?? 'mfp';
  const { name } = profileNamed(kind);
  const members = fleetMembers({ count, prefix: prefix ?? `${name}-`, profile: kind, pki });
  requireDescriptors(count);
  await requireAuthority(pki);
  return { members, pki, dataDir };
};

/** A CA that is made by the way would be one that no intermediary trusts. */
const requireAuthority = async (pki: string): Promise<void> => {
  const directory = caDirectory(pki);
  const { hasAuthority } = await import('@postern/pki');
  if (await hasAuthority(directory)) return;
  throw cliError(
    'fleet-invalid',
    `There is no development CA in ${directory} (postern pki init --ca ${directory})`,
  );
};
