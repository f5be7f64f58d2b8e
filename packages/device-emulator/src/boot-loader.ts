import { type BootedTarget, bootTarget, confirmStart, type TargetPorts } from '@postern/software-update';
import type { CurrentFaults } from './domain/faults.ts';
import { deviceError } from './errors.ts';

/** A software on trial is given up before; so many crashes mean that the committed one is bad. */
const MOST_CRASHES = 5;

/**
 * Starts until something has started well: a crash counts as a try, and the boot record decides what comes next.
 *
 * @throws PosternError `boot-loop`
 * @spec X4 D5
 */
export const loadProgram = async (ports: TargetPorts, faults: CurrentFaults): Promise<BootedTarget> => {
  for (let crashes = 0; crashes < MOST_CRASHES; crashes += 1) {
    const booted = await bootTarget(ports);
    const crashed = booted.program === 'firmware' && crashingComponent(booted, faults);
    if (!crashed) return confirmStart(ports, booted);
    ports.logger.warn('The firmware crashed while it started', { device: ports.deviceId, version: crashed });
  }
  throw deviceError('boot-loop', `The software of ${ports.deviceId} crashes at every start`);
};

const crashingComponent = ({ contents }: BootedTarget, faults: CurrentFaults): string | undefined => {
  const versions = Object.values(contents).map(({ version }) => version);
  return versions.find((version) => faults().crashAtBootOf?.includes(version));
};
