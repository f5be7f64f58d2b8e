import type { DeviceMemory, NvRamContent } from '../../adapters/flash/nv-ram.ts';
import { forget, recall, remember, requestDigest } from '../../domain/remembered-requests.ts';
import { deviceError } from '../../errors.ts';

/** What an operation is about to change, decided before anything is. */
export interface Plan<A> {
  readonly answer: A;
  /** What it changes in NV-RAM. */
  readonly change?: (content: NvRamContent) => NvRamContent;
  /** What else happens, once that is durable. When it fails, the request counts as not carried out. */
  readonly effect?: () => void | Promise<void>;
}

/** A request that changes something. */
export interface ChangingRequest {
  readonly requestId?: string;
}

/**
 * Carries out an operation that changes something, after those before it. A request with an identifier is remembered in
 * the write that changes NV-RAM: the same one again is answered from there and does nothing.
 *
 * @param answerTo the answer to a repetition where it follows from the request: then it is not kept
 * @throws PosternError `request-id-reused`, `too-many-requests`, and those of `plan`
 */
export type CarryOut = <R extends ChangingRequest, A extends object>(
  operation: string,
  request: R,
  plan: () => Plan<A> | Promise<Plan<A>>,
  answerTo?: (request: R) => A,
) => Promise<A>;

/** Requests that wait for those before them. */
const MOST_WAITING = 16;

/** @spec R1 */
export const createCarryOut = (nvRam: DeviceMemory): CarryOut => {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (operation, request, plan, answerTo) => {
    if (waiting >= MOST_WAITING) throw deviceError('too-many-requests', 'Too many requests are under way');
    waiting += 1;
    const result = last.then(() => carryOut(nvRam, operation, request, plan, answerTo));
    last = result.catch(() => {});
    try {
      return await result;
    } finally {
      waiting -= 1;
    }
  };
};

const carryOut = async <R extends ChangingRequest, A extends object>(
  nvRam: DeviceMemory,
  operation: string,
  request: R,
  plan: () => Plan<A> | Promise<Plan<A>>,
  answerTo: ((request: R) => A) | undefined,
): Promise<A> => {
  const { requestId: id, ...content } = request;
  const digest = id === undefined ? '' : requestDigest(operation, content);
  const known = id === undefined ? undefined : recall(nvRam.content, { id, digest });
  if (known !== undefined) return answerTo?.(request) ?? (known.answer as A);
  const { answer, change, effect } = await plan();
  if (id === undefined) {
    if (change !== undefined) await nvRam.update(change);
  } else {
    const kept = answerTo === undefined ? { id, digest, answer } : { id, digest };
    await nvRam.update((before) => remember(change?.(before) ?? before, kept));
  }
  try {
    await effect?.();
  } catch (error) {
    if (id !== undefined) await nvRam.update((before) => forget(before, id));
    throw error;
  }
  return answer;
};
