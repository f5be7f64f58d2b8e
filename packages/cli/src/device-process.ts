import { type Closable, createClosers } from '@postern/core';
import type { DeviceFleet, DeviceFleetConfig, FleetPorts } from '@postern/device-emulator';
import type { BuiltInIntermediary } from '@postern/intermediary';
import { z } from 'zod';
import { cliError } from './errors.ts';

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
 * Starts emulated devices and, where the configuration has an `intermediaryFunction`, the intermediary that is built
 * into one of them. The devices call it then; `intermediary` is left out.
 *
 * @throws PosternError `config-invalid` naming every wrong field, and those of starting devices and intermediaries
 * @spec T3
 */
export const startDeviceProcess = async (input: object, ports: FleetPorts): Promise<DeviceProcess> => {
  const { intermediaryFunction: wanted, ...devices } = input as Record<string, unknown>;
  if (wanted === undefined) {
    const fleet = await startFleet(devices, ports);
    return { fleet, builtIn: undefined, close: () => fleet.close() };
  }
  const { carrier, configuration } = checked(intermediaryFunction.safeParse(wanted));
  if ('intermediary' in devices) {
    throw cliError('config-invalid', 'intermediary: the devices belong to the intermediaryFunction');
  }
  const ending = createClosers();
  try {
    const builtIn = await startFunction(configuration, ports);
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
    if (!fleet.devices.has(carrier)) {
      throw cliError('config-invalid', `intermediaryFunction.carrier: there is no device ${carrier}`);
    }
    return { fleet, builtIn, close: () => ending.close() };
  } catch (error) {
    await ending.close();
    throw error;
  }
};

const startFunction = async (configuration: object, { clock, entropy, logger }: FleetPorts) => {
  const { parseConfig, startBuiltIn, startIntermediary } = await import('@postern/intermediary');
  const surroundings = { clock, entropy, logger };
  const config = parseConfig(configuration);
  return startBuiltIn({ config, start: (given) => startIntermediary(given, surroundings), logger });
};

const addressOf = ({ name, securePort, noticePort }: BuiltInIntermediary) => ({
  name,
  secureUrl: `https://${LOOPBACK}:${securePort}/intermediary`,
  noticeUrl: `http://${LOOPBACK}:${noticePort}/intermediary`,
});

const startFleet = async (input: object, ports: FleetPorts): Promise<DeviceFleet> => {
  const { deviceConfigSchema, startDevices } = await import('@postern/device-emulator');
  const config: DeviceFleetConfig = checked(deviceConfigSchema.safeParse(input));
  return startDevices(config, ports);
};

/** @throws PosternError `config-invalid` naming every wrong field */
const checked = <T>(parsed: z.ZodSafeParseResult<T>): T => {
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`,
  );
  throw cliError('config-invalid', problems.join('; '), parsed.error);
};
