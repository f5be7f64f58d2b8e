import { type Closable, createClosers, errorCode, errorMessage, type Logger } from '@postern/core';
import type { DeviceFleet, DeviceFleetConfig, FleetPorts } from '@postern/device-emulator';
import type { BuiltInIntermediary } from '@postern/intermediary';
import type { IntermediaryConfig } from '@postern/intermediary/launch';
import { z } from 'zod';
import { cliError } from './errors.ts';
import { namesOf } from './output/print.ts';

/** What the process of `postern device` runs. */
export interface DeviceProcess extends Closable {
  readonly fleet: DeviceFleet;
  /** The intermediary function of one of the devices, where it has one. */
  readonly builtIn: BuiltInIntermediary | undefined;
}

/** A device with the intermediary function is that device and an intermediary in one process. */
const intermediaryFunction = z.strictObject({
  /** The device that it is built into: it has power while that device has. */
  carrier: z.string().min(1),
  /** Of the intermediary, as `postern intermediary` takes it. */
  configuration: z.looseObject({}),
});

const LOOPBACK = '127.0.0.1';

/**
 * The configuration of a process of devices, in its parts. Where an intermediary is built in, the devices' own names none that
 * could be called.
 *
 * @throws PosternError `config-invalid` naming every wrong field
 */
export const readDeviceProcess = async (
  input: object,
): Promise<{ readonly config: DeviceFleetConfig; readonly builtIn?: IntermediaryConfig }> => {
  const { devices, builtIn } = await readInput(input);
  if (builtIn === undefined) return { config: await fleetConfig(devices) };
  return { config: await fleetConfig({ ...devices, ...NOT_YET_KNOWN }), builtIn: builtIn.config };
};

/**
 * Refuses what {@link startDeviceProcess} would refuse before it starts anything.
 *
 * @throws PosternError `config-invalid` naming every wrong field, and those of files that the configuration names
 */
export const checkDeviceProcess = async (input: object, ports: Pick<FleetPorts, 'clock'>): Promise<void> => {
  const { config } = await readDeviceProcess(input);
  const { checkDevices } = await import('@postern/device-emulator');
  try {
    await checkDevices(config, ports);
  } catch (cause) {
    if (!/^E[A-Z]+$/.test(errorCode(cause, ''))) throw cause;
    throw cliError('file-unreadable', errorMessage(cause), cause);
  }
};

/**
 * Starts emulated devices and, where the configuration has an `intermediaryFunction`, the intermediary that is built
 * into one of them. The devices call it then; `intermediary` is left out.
 *
 * @throws PosternError `config-invalid` naming every wrong field, and those of starting devices and intermediaries
 * @spec T3
 */
export const startDeviceProcess = async (input: object, ports: FleetPorts): Promise<DeviceProcess> => {
  const { devices, builtIn: wanted } = await readInput(input);
  if (wanted === undefined) {
    await warnOfCarriers(devices, ports.logger);
    const fleet = await startFleet(devices, ports);
    return { fleet, builtIn: undefined, close: () => fleet.close() };
  }
  const { carrier, config } = wanted;
  const ending = createClosers();
  try {
    const builtIn = await startFunction(config, ports);
    ending.add(() => builtIn.close());
    const fleet = await startFleet(
      { ...devices, intermediary: addressOf(builtIn) },
      {
        ...ports,
        onEvent: (id, event) => {
          if (id === carrier) builtIn.follow(event.type);
          ports.onEvent?.(id, event);
        },
      },
    );
    ending.add(() => fleet.close());
    return { fleet, builtIn, close: () => ending.close() };
  } catch (error) {
    await ending.close();
    throw error;
  }
};

/** Devices of kinds that bring their own intermediary: behind one of a site they are at home only while they stand there. */
export const carriersOf = async ({ devices }: DeviceFleetConfig): Promise<readonly string[]> => {
  const { profileNamed } = await import('@postern/device-emulator');
  const carries = new Map<string, boolean>();
  for (const { profile } of devices) {
    if (!carries.has(profile)) carries.set(profile, profileNamed(profile).carries.intermediary);
  }
  return devices.filter(({ profile }) => carries.get(profile)).map(({ id }) => id);
};

const warnOfCarriers = async (input: object, logger: Logger): Promise<void> => {
  const ids = await carriersOf(await fleetConfig(input));
  if (ids.length === 0) return;
  logger.warn('Devices whose kind brings its own intermediary run without: give `intermediaryFunction`', {
    devices: namesOf(ids),
  });
};
/** A configuration taken apart: what is the devices' own, and the intermediary function. */
interface DeviceInput {
  readonly devices: Readonly<Record<string, unknown>>;
  readonly builtIn?: { readonly carrier: string; readonly config: IntermediaryConfig };
}

const readInput = async (input: object): Promise<DeviceInput> => {
  const { intermediaryFunction: wanted, ...devices }: Record<string, unknown> = { ...input };
  if (wanted === undefined) return { devices };
  const { carrier, configuration } = checked(intermediaryFunction.safeParse(wanted));
  if ('intermediary' in devices) {
    throw cliError('config-invalid', 'intermediary: the devices belong to the intermediaryFunction');
  }
  const { parseConfig } = await import('@postern/intermediary/launch');
  const config = parseConfig(configuration);
  const { devices: entries } = devices;
  if (Array.isArray(entries) && !entries.some((entry: { id?: unknown }) => entry?.id === carrier)) {
    throw cliError('config-invalid', `intermediaryFunction.carrier: there is no device ${carrier}`);
  }
  return { devices, builtIn: { carrier, config } };
};

const startFunction = async (config: IntermediaryConfig, { clock, entropy, logger, onStep }: FleetPorts) => {
  const { startBuiltIn, startIntermediary } = await import('@postern/intermediary');
  const surroundings = { clock, entropy, logger, onStep };
  return startBuiltIn({ config, start: (given) => startIntermediary(given, surroundings), logger });
};

const addressOf = ({
  name,
  securePort,
  noticePort,
}: Pick<BuiltInIntermediary, 'name' | 'securePort' | 'noticePort'>) => ({
  name,
  secureUrl: `https://${LOOPBACK}:${securePort}/intermediary`,
  noticeUrl: `http://${LOOPBACK}:${noticePort}/intermediary`,
});

/** Stands for the address of an intermediary function that does not run yet. */
const NOT_YET_KNOWN = { intermediary: addressOf({ name: 'built-in', securePort: 1, noticePort: 1 }) };

const startFleet = async (input: object, ports: FleetPorts): Promise<DeviceFleet> => {
  const { startDevices } = await import('@postern/device-emulator');
  return startDevices(await fleetConfig(input), ports);
};

const fleetConfig = async (input: object): Promise<DeviceFleetConfig> => {
  const { deviceConfigSchema } = await import('@postern/device-emulator');
  return checked(deviceConfigSchema.safeParse(input));
};

/** @throws PosternError `config-invalid` naming every wrong field */
const checked = <T>(parsed: z.ZodSafeParseResult<T>): T => {
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`,
  );
  throw cliError('config-invalid', problems.join('; '), parsed.error);
};
