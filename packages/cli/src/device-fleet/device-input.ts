import type { Command } from 'commander';
import { addFaultOptions, type FaultOptions, withFaults } from './fault-options.ts';
import { addFleetOptions, type FleetOptions, type FleetSurroundings, withFleet } from './fleet-options.ts';

/** What the command line of `postern device` adds to its configuration. */
export type DeviceOptions = FleetOptions & FaultOptions;

export const addDeviceOptions = (command: Command): Command => addFaultOptions(addFleetOptions(command));

/**
 * The configuration with what the command line adds: the devices of a fleet, made where they are missing, and faults.
 *
 * @throws PosternError those of `withFleet` and `withFaults`
 */
export const completeInput = async (
  input: object,
  options: DeviceOptions,
  surroundings: FleetSurroundings,
): Promise<object> => withFaults(await withFleet(input, options, surroundings), options);
