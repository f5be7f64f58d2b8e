import type { StepObserver, uplink } from '@postern/contracts';
import {
  type Clock,
  type Duration,
  type Entropy,
  errorCode,
  randomFraction,
  sleep,
  throwIfCancelled,
  withDeadline,
} from '@postern/core';
import type { DeviceStore } from '../devices.ts';
import type { Slots } from '../slots.ts';
import { backoff, type Pacing } from '../uplink/pacing.ts';
import { deviceUnreachable, outcomeUnknown } from './device-failures.ts';
import { afterFailure, fateOf, isInDoubt, mayCall, type Standing } from './exchange-rules.ts';
import { classOf, type DeviceRequest, identified } from './request-kinds.ts';

/**
 * One exchange with a device; resolves to what it says, also where it refuses.
 *
 * @throws PosternError `device-unknown`, `device-unreachable`, or a transport's code: the device has said nothing
 */
export type DeviceCall = (
  deviceId: string,
  request: DeviceRequest,
  signal: AbortSignal,
) => Promise<uplink.ResponseBody>;

/** How patiently a device is asked. */
export interface AskingLimits extends Pacing {
  /** Most calls for one request. */
  readonly tries: number;
  /** One exchange with a device. */
  readonly exchangeTimeout: Duration;
}

export interface AskDeviceOptions {
  readonly call: DeviceCall;
  readonly devices: Pick<DeviceStore, 'get'>;
  /** Exchanges at a time. */
  readonly slots: Slots;
  readonly limits: () => AskingLimits;
  /** This intermediary's name. */
  readonly name: string;
  readonly onStep?: StepObserver | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** A request on its way to a device. */
export interface Asked {
  readonly requestId: string;
  readonly deviceId: string;
  readonly body: DeviceRequest;
  /** Keeps, durably, whether a call that changes something may have reached the device. */
  readonly keepBegun: (begun: boolean) => void;
}

/** How far it has come: for whoever waits no longer. */
export interface Attempt {
  tries: number;
  /** Something may have changed at the device that nobody has told of. */
  inDoubt: boolean;
  /** Why the last call brought no answer. */
  failure?: unknown;
}

/**
 * Asks a device until it answers, as far as that may do nothing twice. Only for the request whose turn it is: a device
 * that remembers its latest answers has then not forgotten this one.
 *
 * @param attempt begins with what an earlier process left; kept up to date
 * @throws PosternError why there is no answer
 * @spec R1 X6
 */
export const askDevice = async (
  options: AskDeviceOptions,
  asked: Asked,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<uplink.ResponseBody> => {
  for (;;) {
    const before = standing(options, asked, attempt);
    if (!mayCall(before)) throw outcomeUnknown(asked.deviceId, attempt.failure);
    try {
      return await options.slots.run(signal, () => callOnce(options, asked, attempt, signal));
    } catch (error) {
      throwIfCancelled(signal);
      const fate = fateOf(errorCode(error, ''));
      const now = { ...before, remembers: remembers(options, asked), tries: attempt.tries };
      attempt.failure = error;
      attempt.inDoubt = isInDoubt(before, fate);
      if (before.class === 'changing' && !attempt.inDoubt) asked.keepBegun(false);
      const next = afterFailure(now, fate);
      if (next === 'outcome-unknown') throw outcomeUnknown(asked.deviceId, error);
      if (next === 'failed') throw deviceUnreachable(asked.deviceId, error);
      const pause = backoff(options.limits(), attempt.tries, randomFraction(options.entropy));
      await sleep(options.clock, pause, signal);
    }
  }
};

const callOnce = (
  { call, limits, clock, onStep, name }: AskDeviceOptions,
  { requestId, deviceId, body, keepBegun }: Asked,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<uplink.ResponseBody> => {
  if (classOf(body) === 'changing') {
    // Written first: should this process die now, the next one knows that it does not know.
    if (!attempt.inDoubt) keepBegun(true);
    attempt.inDoubt = true;
  }
  attempt.tries += 1;
  onStep?.({ step: 'S603', node: name, subject: requestId });
  return withDeadline(clock, limits().exchangeTimeout, 'The exchange with the device', signal, (bounded) =>
    call(deviceId, identified(body, requestId), bounded),
  );
};

const standing = (options: AskDeviceOptions, asked: Asked, { tries, inDoubt }: Attempt): Standing => ({
  class: classOf(asked.body),
  remembers: remembers(options, asked),
  inDoubt,
  tries,
  mostTries: options.limits().tries,
});

const remembers = ({ devices }: AskDeviceOptions, { deviceId }: Asked): boolean =>
  devices.get(deviceId)?.information.remembersRequests === true;
