import type { StepEvent, StepObserver } from '@postern/contracts';

/**
 * Reads the steps of a process from its events.
 *
 * @param onStep told of each
 */
export const stepsFrom =
  (onStep: StepObserver) =>
  (event: Readonly<Record<string, unknown>>): void => {
    if (event['event'] !== 'step') return;
    const { event: _, ...step } = event;
    if (isStep(step)) onStep(step);
  };

const isStep = (step: object): step is StepEvent =>
  'step' in step && typeof step.step === 'string' && 'node' in step && typeof step.node === 'string';
