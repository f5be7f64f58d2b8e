import { type Clock, type Entropy, errorMessage } from '@postern/core';
import type { Command } from 'commander';
import { addFaultOptions, type FaultOptions, withFaults } from './fault-options.ts';
import { addFleetOptions, type FleetOptions, type FleetPlan, plannedFleet } from './fleet-options.ts';
import { type FleetProgress, progressOf } from './fleet-progress.ts';

/** What the command line of `postern device` adds to its configuration. */
export type DeviceOptions = FleetOptions & FaultOptions;

export interface FleetSurroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FleetProgress) => void;
  /** A line for people who wait. */
  readonly tell: (line: string) => void;
}

export const addDeviceOptions = (command: Command): Command => addFaultOptions(addFleetOptions(command));

/**
 * The configuration with what the command line adds: the devices of a fleet, made where they are missing, and faults.
 * All of it is checked before anything is made.
 *
 * @throws PosternError those of `plannedFleet`, `withFaults` and `checkDeviceProcess`; `cancelled`, and those of making devices
 */
export const completeInput = async (
  input: object,
  options: DeviceOptions,
  surroundings: FleetSurroundings,
): Promise<object> => {
  const fleet = await plannedFleet(input, options);
  const planned = fleet === undefined ? input : { ...input, devices: fleet.members };
  const complete = await withFaults(planned, options);
  // Loaded only here: other commands do without the schemas.
  const { checkDeviceProcess } = await import('../device-process.ts');
  await checkDeviceProcess(complete, surroundings);
  if (fleet !== undefined) await makeFleet(fleet, surroundings);
  return complete;
};

const makeFleet = async (fleet: FleetPlan, surroundings: FleetSurroundings): Promise<void> => {
  const { onProgress, tell, ...ports } = surroundings;
  const of = fleet.members.length;
  const { prepareFleet } = await import('./prepare-fleet.ts');
  const follow = progressOf('made', of, onProgress);
  let ready = 0;
  try {
    await prepareFleet({
      ...fleet,
      ...ports,
      onProgress: (done) => {
        ready = done;
        follow(done);
      },
    });
  } catch (error) {
    tell(`Stopped at ${ready} of ${of}: ${errorMessage(error)}. The same command goes on from there.`);
    throw error;
  }
};
