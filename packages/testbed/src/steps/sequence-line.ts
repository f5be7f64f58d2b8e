import { REMOTE_STEPS, type RemoteStep, type StepEvent } from '@postern/contracts';
import { STEPS } from '@postern/software-update';
import type { LoggedStep } from './step-log.ts';

/** Who is next to whom in a topology. */
export interface Neighbours {
  /** Who is above a node: the intermediary of a device, the one above an intermediary, the server. */
  above(node: string): string | undefined;
}

/** Where a step goes, seen from the node that takes it. */
type Heading = 'inside' | 'up' | 'down';

/** Steps that are no messages are not listed. */
const HEADINGS: Partial<Record<RemoteStep, Heading>> = {
  S601: 'up',
  S602: 'down',
  S603: 'down',
  S607: 'up',
  S608: 'up',
  S703: 'up',
  S704: 'up',
  S705: 'down',
  S706: 'down',
  S709: 'down',
};

/** One step for people: `  1.234 s  S112  site-a → printer-1  image sent  up-1`. */
export const sequenceLine = (
  step: LoggedStep,
  all: readonly StepEvent[],
  neighbours: Neighbours | undefined,
): string => {
  const time = `${(step.at / 1_000).toFixed(3).padStart(8)} s`;
  const { subject = '' } = step;
  return [time, step.step.padEnd(5), wayOf(step, all, neighbours).padEnd(24), titleOf(step), subject]
    .join('  ')
    .trimEnd();
};

const titleOf = (step: StepEvent): string => {
  if (!('outcome' in step)) return REMOTE_STEPS[step.step];
  const title = Object.hasOwn(STEPS, step.step) ? STEPS[step.step as keyof typeof STEPS].title : step.step;
  if (step.outcome === 'failed') return `${title}: failed (${step.code ?? 'no reason'})`;
  return step.outcome === 'started' ? `${title} …` : title;
};

const wayOf = (step: StepEvent, all: readonly StepEvent[], neighbours: Neighbours | undefined): string => {
  const above = (node: string): string => neighbours?.above(node) ?? 'above';
  if ('outcome' in step) {
    const { node, device } = step;
    switch (step.direction) {
      case 'to-device':
        return `${node} → ${device}`;
      case 'from-device':
        return `${device} → ${node}`;
      case 'from-server':
        return `${above(node)} → ${node}`;
      case 'to-server':
        return `${node} → ${above(node)}`;
      case 'inside':
        return node;
    }
  }
  const { node } = step;
  switch (HEADINGS[step.step] ?? 'inside') {
    case 'up':
      return `${node} → ${above(node)}`;
    case 'down':
      return `${node} → ${below(step, all, neighbours) ?? 'below'}`;
    case 'inside':
      return node;
  }
};

/** Whom a message down goes to: a node right below that takes another step of the same request or call. */
const below = (
  { node, subject }: StepEvent,
  all: readonly StepEvent[],
  neighbours: Neighbours | undefined,
): string | undefined =>
  subject === undefined
    ? undefined
    : all.find((other) => other.subject === subject && neighbours?.above(other.node) === node)?.node;
