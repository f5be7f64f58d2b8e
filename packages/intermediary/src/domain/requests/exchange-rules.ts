import type { RequestClass } from './request-kinds.ts';

/**
 * What is known of a call that brought no answer: the device certainly did not get it (and may get it later), nobody
 * knows, or it never will.
 */
export type Fate = 'not-received' | 'uncertain' | 'refused';

/** How a request stands between two calls. */
export interface Standing {
  readonly class: RequestClass;
  /** The device keeps its latest answers by the identifier of the request, and gives them again. */
  readonly remembers: boolean;
  /** An earlier call may have changed something. Never of a request that only reads. */
  readonly inDoubt: boolean;
  /** Calls so far, of this process. */
  readonly tries: number;
  /** Most calls, of one process. */
  readonly mostTries: number;
}

/**
 * Whether the device may be called: not if that could do twice what must be done once.
 *
 * @spec R1 X6
 */
export const mayCall = ({ inDoubt, remembers }: Pick<Standing, 'inDoubt' | 'remembers'>): boolean =>
  !inDoubt || remembers;

/** Whether something may have changed at the device, after a call that brought no answer. */
export const isInDoubt = ({ class: kind, inDoubt }: Standing, fate: Fate): boolean =>
  inDoubt || (kind === 'changing' && fate === 'uncertain');

/**
 * What follows a call that brought no answer.
 *
 * @returns `failed`: the device has not done it, and that is the answer
 * @spec R1
 */
export const afterFailure = (standing: Standing, fate: Fate): 'again' | 'failed' | 'outcome-unknown' => {
  const inDoubt = isInDoubt(standing, fate);
  const hasTriesLeft = fate !== 'refused' && standing.tries < standing.mostTries;
  if (hasTriesLeft && mayCall({ ...standing, inDoubt })) return 'again';
  return inDoubt ? 'outcome-unknown' : 'failed';
};

/** Codes of a transport after which nobody knows whether the device has done it. */
const UNCERTAIN: readonly string[] = [
  'connection-lost',
  'deadline-exceeded',
  'response-invalid',
  'response-too-large',
];

/** What the code of a call that failed says of its fate. */
export const fateOf = (code: string): Fate => {
  if (code === 'unreachable') return 'not-received';
  return UNCERTAIN.includes(code) ? 'uncertain' : 'refused';
};
