import type { Command } from 'commander';
import { cliError } from '../errors.ts';

/** What the command line says of faults. */
export interface FaultOptions {
  /** Of every device. */
  readonly fault?: readonly string[];
  /** Of one: `mfp-3:refuseLogins`. */
  readonly faultFor?: readonly string[];
}

/** Collects an option that may be given again; a fault's value is never taken for the next argument. */
const again = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** Adds `--fault` and `--fault-for` to `postern device`. */
export const addFaultOptions = (command: Command): Command =>
  command
    .option(
      '--fault <name=value>',
      'what is wrong with every device, e.g. slowReceive=1024 (repeatable)',
      again,
    )
    .option('--fault-for <device:name=value>', 'what is wrong with one device (repeatable)', again);

type Entry = Readonly<Record<string, unknown>>;

/**
 * The configuration with faults of its devices, which win over those that it has already.
 *
 * @throws PosternError `fault-unknown`, `fault-invalid`, and `config-invalid` for a device that is not there
 */
export const withFaults = async (
  input: object,
  { fault = [], faultFor = [] }: FaultOptions,
): Promise<object> => {
  if (fault.length === 0 && faultFor.length === 0) return input;
  const { parseFault } = await import('@postern/device-emulator');
  const everywhere = Object.assign({}, ...fault.map(parseFault)) as Entry;
  const single = faultFor.map((text) => {
    const at = text.indexOf(':');
    if (at < 1)
      throw cliError('config-invalid', `Not a fault of a device (write DEVICE:NAME=VALUE): ${text}`);
    return { id: text.slice(0, at), faults: parseFault(text.slice(at + 1)) };
  });
  const devices =
    'devices' in input && Array.isArray(input.devices) ? (input.devices as readonly Entry[]) : [];
  const stranger = single.find(({ id }) => devices.every((device) => device['id'] !== id));
  if (stranger !== undefined)
    throw cliError('config-invalid', `--fault-for: there is no device ${stranger.id}`);
  return {
    ...input,
    devices: devices.map((device) => ({
      ...device,
      faults: Object.assign(
        {},
        device['faults'],
        everywhere,
        ...single.filter(({ id }) => id === device['id']).map(({ faults }) => faults),
      ) as Entry,
    })),
  };
};
