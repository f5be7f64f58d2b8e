import type { StepObserver, uplink } from '@postern/contracts';
import {
  type Clock,
  type Duration,
  type Entropy,
  errorCode,
  errorMessage,
  type Logger,
  Milliseconds,
  randomFraction,
  Seconds,
  sleep,
  stoppedWithin,
  toSeconds,
  withDeadline,
} from '@postern/core';
import type { DeliverExchange, Deliveries } from './deliveries.ts';
import type { Cargo, Outgoing } from './outgoing.ts';
import { backoff, endedForNothing, type Pacing } from './pacing.ts';

/** One exchange with the node above. @throws PosternError of a transport, or the code of its fault */
export type PollExchange = (poll: uplink.Poll, signal: AbortSignal) => Promise<uplink.PollResponse>;

export interface UplinkLoop {
  readonly poll: PollExchange;
  readonly deliver: DeliverExchange;
  readonly outgoing: Outgoing;
  readonly deliveries: Deliveries;
  /** Takes what came down; stores it before it returns. */
  readonly onAnswer: (answer: uplink.PollResponse) => void;
  /** How many further requests can be taken. */
  readonly capacity: () => number;
  readonly sessionId: string;
  /** Asked anew for each poll: how long it is held, and how long after it the next one begins. */
  readonly polling: () => { readonly hold: Duration; readonly interval: Duration };
  /** How long an exchange may take beyond the time it is held. */
  readonly exchangeTimeout: Duration;
  readonly pacing: Pacing;
  /** This intermediary's name. */
  readonly name: string;
  readonly onStep?: StepObserver | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** A held poll under way. */
interface Held {
  readonly settled: Promise<void>;
  readonly end: () => void;
  outcome?: { readonly error: unknown } | { readonly pause: Duration };
}

/** This many held polls in a row may end for nothing before they are paused for. */
const TOLERATED = 3;

/**
 * Calls out until the signal aborts. One poll is held open, so that an order starts at once; whatever waits to go up
 * goes with one further poll at a time, which also ends the held one at the server. All exchanges start here, one
 * after the other, and one pause covers all of them while the server does not answer.
 *
 * @spec R1 T5
 */
export const runUplink = async (loop: UplinkLoop, signal: AbortSignal): Promise<void> => {
  const { outgoing, deliveries, clock, logger } = loop;
  const progress = { failures: 0, sends: 0, forNothing: 0 };
  let held: Held | undefined;
  let quiet = { since: Milliseconds(Number.NEGATIVE_INFINITY), wanted: Seconds(0) };
  // Asked again whenever something has changed: the interval may be another one now.
  const quietUntil = (): Duration =>
    Milliseconds(quiet.since + Math.max(quiet.wanted, loop.polling().interval));

  while (!signal.aborted) {
    try {
      // What was dropped is told of first, but only once the node above answers again.
      if (outgoing.waiting || (progress.failures > 0 && deliveries.owesReport)) {
        progress.sends += 1;
        await exchange(loop, Seconds(0), signal);
        recovered(loop, progress);
      } else if (deliveries.waiting) {
        await deliverNext(loop, signal);
        recovered(loop, progress);
      } else if (held === undefined && clock.monotonic() < quietUntil()) {
        await untilChanged(loop, signal, (over) =>
          sleep(clock, Milliseconds(quietUntil() - clock.monotonic()), over),
        );
      } else {
        held ??= hold(loop, progress, signal);
        const { settled } = held;
        await untilChanged(loop, signal, () => settled);
        if (held.outcome === undefined) continue;
        const { outcome } = held;
        held = undefined;
        if ('error' in outcome) throw outcome.error;
        recovered(loop, progress);
        quiet = { since: clock.monotonic(), wanted: outcome.pause };
      }
    } catch (error) {
      if (signal.aborted) break;
      held?.end();
      held = undefined;
      progress.failures += 1;
      outgoing.connectionLost();
      const pause = backoff(loop.pacing, progress.failures, randomFraction(loop.entropy));
      const level = progress.failures === 1 ? 'warn' : 'debug';
      logger[level]('An exchange with the uplink failed', {
        code: errorCode(error, 'internal-error'),
        reason: errorMessage(error),
        failures: progress.failures,
        pause,
      });
      await pauseFor(loop, pause, signal);
    }
  }
  held?.end();
};

/** Somebody who waits at a device for an answer is worth a try at once. */
const pauseFor = async (
  { clock, deliveries }: UplinkLoop,
  length: Duration,
  signal: AbortSignal,
): Promise<void> => {
  const over = abortedWith(signal);
  await Promise.race([stoppedWithin(clock, length, over.signal), deliveries.untilHurried(over.signal)]);
  over.end();
};

/** What goes up unasked, one at a time; the list of devices has gone up before it. */
const deliverNext = async (
  { deliver, deliveries, clock, exchangeTimeout }: UplinkLoop,
  signal: AbortSignal,
): Promise<void> => {
  const delivery = deliveries.next();
  if (delivery === undefined) return;
  const { deliveryId } = delivery;
  deliveries.sending(delivery);
  const answer = await withDeadline(clock, exchangeTimeout, 'The delivery', signal, (bounded) =>
    deliver(delivery, bounded),
  ).catch((error: unknown) => {
    if (REFUSED.includes(errorCode(error, ''))) deliveries.refused(deliveryId, error);
    throw error;
  });
  deliveries.answered(deliveryId, answer);
};

/** For good, and for now. */
const REFUSED: readonly string[] = ['delivery-refused', 'server-busy'];

const recovered = ({ logger }: UplinkLoop, progress: { failures: number }): void => {
  if (progress.failures > 0) logger.info('The uplink works again', { failures: progress.failures });
  progress.failures = 0;
};

/** One exchange and what its answer brings. */
const exchange = async (
  loop: UplinkLoop,
  holdFor: Duration,
  signal: AbortSignal,
): Promise<uplink.PollResponse> => {
  const { outgoing, clock, sessionId } = loop;
  const cargo = holdFor === 0 ? outgoing.compose() : {};
  const poll = { sessionId, holdSeconds: toSeconds(holdFor), capacity: loop.capacity(), ...cargo };
  const limit = Milliseconds(holdFor + loop.exchangeTimeout);
  tellSteps(loop, cargo);
  const answer = await withDeadline(clock, limit, 'The poll', signal, (bounded) =>
    loop.poll(poll, bounded),
  ).catch((error: unknown) => {
    if (errorCode(error, '') === NEVER_SENT) giveUp(loop, cargo, error);
    throw error;
  });
  loop.onAnswer(answer);
  outgoing.delivered(cargo, answer);
  return answer;
};

/** What carries answers up is the last step of each; any other exchange is the poll that a request comes down with. */
const tellSteps = ({ onStep, name }: UplinkLoop, { responses }: Cargo): void => {
  if (responses === undefined) onStep?.({ step: 'S601', node: name });
  for (const { requestId } of responses?.response ?? [])
    onStep?.({ step: 'S608', node: name, subject: requestId });
};

/** The server's code for a request that it never sent here. */
const NEVER_SENT = 'request-foreign';

/** What the server will never take counts as acknowledged. */
const giveUp = ({ outgoing, onAnswer, logger }: UplinkLoop, cargo: Cargo, error: unknown): void => {
  const requestId = outgoing.refused(cargo);
  if (requestId === undefined) return;
  onAnswer({ nextPollSeconds: 0, acknowledged: { id: [requestId] } });
  logger.error('The server refuses what belongs to a request; it is given up', {
    request: requestId,
    code: errorCode(error, ''),
  });
};

const hold = (
  loop: UplinkLoop,
  progress: { readonly sends: number; forNothing: number },
  signal: AbortSignal,
): Held => {
  const { clock } = loop;
  const ending = abortedWith(signal);
  const holdFor = loop.polling().hold;
  const [since, sends] = [clock.monotonic(), progress.sends];
  const run = async (): Promise<void> => {
    try {
      const answer = await exchange(loop, holdFor, ending.signal);
      const useful = broughtSomething(answer) || progress.sends !== sends;
      const lasted = Milliseconds(clock.monotonic() - since);
      progress.forNothing = endedForNothing({ hold: holdFor, lasted, useful }) ? progress.forNothing + 1 : 0;
      held.outcome = { pause: pauseAfter(loop, answer, progress.forNothing) };
    } catch (error) {
      held.outcome = { error };
    } finally {
      ending.end();
    }
  };
  const held: Held = { settled: Promise.resolve().then(run), end: ending.end };
  return held;
};

const broughtSomething = ({ requests, deferredResponses, acknowledged }: uplink.PollResponse): boolean =>
  (requests?.request.length ?? 0) + (deferredResponses?.deferredResponse.length ?? 0) > 0 ||
  (acknowledged?.id.length ?? 0) > 0;

const pauseAfter = (
  { pacing, entropy }: UplinkLoop,
  { nextPollSeconds }: uplink.PollResponse,
  forNothing: number,
): Duration => {
  const wanted = Seconds(nextPollSeconds);
  if (forNothing <= TOLERATED) return wanted;
  return Milliseconds(Math.max(wanted, backoff(pacing, forNothing - TOLERATED, randomFraction(entropy))));
};

/** Waits for `other`, or until something has come to wait, or for the signal; rejects never. */
const untilChanged = async (
  { outgoing }: UplinkLoop,
  signal: AbortSignal,
  other: (over: AbortSignal) => Promise<void>,
): Promise<void> => {
  const over = abortedWith(signal);
  try {
    await Promise.race([outgoing.changed(over.signal), other(over.signal).catch(() => {})]);
  } finally {
    over.end();
  }
};

/** A signal of its own that also follows `parent`, and leaves no listener behind at it. */
const abortedWith = (parent: AbortSignal): { readonly signal: AbortSignal; readonly end: () => void } => {
  const controller = new AbortController();
  const end = (): void => {
    parent.removeEventListener('abort', end);
    controller.abort();
  };
  parent.addEventListener('abort', end, { once: true });
  return { signal: controller.signal, end };
};
