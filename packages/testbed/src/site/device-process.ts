import type { StepObserver } from '@postern/contracts';
import type { ProcessDevices } from '../devices/process-devices.ts';
import { stepsFrom } from '../steps/process-steps.ts';
import type { TierProcessOptions } from './tier-process.ts';

/** What a process with devices is started with: their panels at its standard input, its events told to both. */
export const deviceProcess = (
  onStep: StepObserver | undefined,
  devices: () => ProcessDevices,
): Required<Pick<TierProcessOptions, 'interactive' | 'onEvent' | 'onEnded'>> => {
  const takeStep = stepsFrom(onStep ?? (() => {}));
  return {
    interactive: true,
    onEvent: (event) => {
      takeStep(event);
      devices().observe(event);
    },
    onEnded: () => devices().ended(),
  };
};
