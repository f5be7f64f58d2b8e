import type { uplink } from '@postern/contracts';
import { type Duration, type Logger, Milliseconds, Seconds, toSeconds } from '@postern/core';
import type { CallContext } from '../service/service-types.ts';
import type { HeldPolls } from './held-polls.ts';

/** What goes down as the answer to a poll; what waits neither here nor there is left out. */
export interface Downward {
  /** Responses that are stored: the caller may forget them. */
  readonly acknowledged?: readonly string[];
  readonly requests?: readonly uplink.Request[];
  readonly deferredResponses?: readonly uplink.DeferredResponse[];
  readonly refusedDevices?: readonly uplink.RefusedDevice[];
}

/** The rules of whoever serves the uplink contract, the server or an intermediary. */
export interface ServedExchange {
  /** Whether something waits that goes down to a caller with this capacity; costs no read. */
  isWaiting(caller: string, capacity: number): boolean;
  /** Whether a poll should be answered at once, so that its caller tells all of its devices. */
  asksForDevices(caller: string, poll: uplink.Poll): boolean;
  /** Stores what a poll brings and takes what goes down; durable on return. @throws PosternError why it is refused */
  exchange(caller: string, poll: uplink.Poll): Downward;
  /** Which revision of the caller's devices is stored here; 0 when none is. */
  devicesRevision(caller: string): number;
}

export interface PollServing {
  readonly exchange: ServedExchange;
  readonly held: HeldPolls;
  readonly logger: Logger;
  /** A poll is held no longer than this, whatever it asks for. */
  readonly holdAtMost: Duration;
  /** When a caller whose polls are not held is asked to poll again. */
  readonly nextPoll: Duration;
}

const NO_PAUSE = Seconds(0);
const NOTHING: Downward = {};

/**
 * Answers a poll: at once when it brings something or something waits, else when something has come to wait or the time
 * is over. One that is idle costs neither a read nor a write.
 *
 * @param caller the intermediary's name, proved
 * @throws PosternError why the exchange is refused
 */
export const answerPoll = async (
  { exchange, held, logger, holdAtMost, nextPoll }: PollServing,
  caller: string,
  poll: uplink.Poll,
  context: Pick<CallContext, 'signal'>,
): Promise<uplink.PollResponse> => {
  const answer = (down: Downward, next: Duration): uplink.PollResponse => ({
    ...wireDown(down, next),
    devicesRevision: exchange.devicesRevision(caller),
  });
  held.end(caller);
  // A poll that can be held may come again at once: holding it is the pause.
  const pause = poll.holdSeconds > 0 ? NO_PAUSE : nextPoll;
  if (bringsSomething(poll) || exchange.isWaiting(caller, poll.capacity)) {
    return answer(exchange.exchange(caller, poll), pause);
  }
  // What a caller without room has not acknowledged goes again, but not at once.
  const rest = () => (exchange.isWaiting(caller, 1) ? exchange.exchange(caller, poll) : NOTHING);
  if (poll.holdSeconds === 0 || held.isFull) return answer(rest(), nextPoll);
  if (exchange.asksForDevices(caller, poll)) return answer(NOTHING, NO_PAUSE);
  logger.debug('poll held', { caller });
  // The signal costs a listener for the call: it is asked for only here.
  const { signal } = context;
  await held.hold(caller, holdTime(poll, holdAtMost), signal);
  // Nobody would read the answer of a connection that has gone: what waits stays for the next poll.
  return answer(signal.aborted ? NOTHING : rest(), pause);
};

const wireDown = (
  { acknowledged = [], requests = [], deferredResponses = [], refusedDevices = [] }: Downward,
  next: Duration,
): uplink.PollResponse => ({
  nextPollSeconds: toSeconds(next),
  ...(acknowledged.length === 0 ? {} : { acknowledged: { id: acknowledged } }),
  ...(requests.length === 0 ? {} : { requests: { request: requests } }),
  ...(deferredResponses.length === 0 ? {} : { deferredResponses: { deferredResponse: deferredResponses } }),
  ...(refusedDevices.length === 0 ? {} : { refusedDevices: { device: refusedDevices } }),
});

/** A poll that carries anything is answered at once: its sender waits for acknowledgements. */
const bringsSomething = (poll: uplink.Poll): boolean =>
  (poll.received?.id.length ?? 0) > 0 ||
  (poll.responses?.response.length ?? 0) > 0 ||
  (poll.delayNotices?.delayNotice.length ?? 0) > 0 ||
  poll.devices !== undefined;

const holdTime = (poll: uplink.Poll, atMost: Duration): Duration =>
  Milliseconds(Math.min(Seconds(poll.holdSeconds), atMost));
