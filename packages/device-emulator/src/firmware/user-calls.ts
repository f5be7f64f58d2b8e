import {
  type Duration,
  errorCode,
  errorMessage,
  type Logger,
  Seconds,
  toSeconds,
  withDeadline,
} from '@postern/core';
import type { PlaceCall, SystemControl } from '../control/system-control.ts';
import { type CallOutcome, type CallResult, LAST_STEPS, type ServiceCall } from '../domain/service-calls.ts';
import { deviceError } from '../errors.ts';
import type { HandOverService } from './hand-over.ts';
import { isUnanswered, untilAnswered } from './until-answered.ts';

/** How long somebody at the panel waits before the device itself says that the call has failed. */
const CALL_TIMEOUT = Seconds(30);

export interface CallService extends Pick<HandOverService, 'clock' | 'entropy' | 'useLink' | 'information'> {
  readonly system: SystemControl;
  readonly logger: Logger;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
}

/**
 * Remote service (NRS, Fig 9), client part: sends a call for service to the intermediary (S703) and hands what comes
 * of it to system control: the answer (S707), the failure that the intermediary tells of (S710), or that it is silent
 * (S712). The same call is sent again until somebody answers.
 *
 * @spec R6 R7 R8 D4
 */
export const userCalls =
  (service: CallService): PlaceCall =>
  async (call) => {
    const { system } = service;
    system.step('S703', call.callId);
    const result = await place(service, call);
    const [told] = LAST_STEPS[result.outcome];
    if (told !== undefined) system.step(told, call.callId);
    return result;
  };

const place = async (service: CallService, call: ServiceCall): Promise<CallResult> => {
  const { callId } = call;
  const timeout = service.information.settings.callTimeout ?? CALL_TIMEOUT;
  let unanswered: unknown;
  try {
    return await withDeadline(service.clock, timeout, 'The call', service.signal, (signal) =>
      untilAnswered(
        service,
        signal,
        (bounded) => ask(service, call, timeout, bounded),
        (error) => {
          unanswered = error;
        },
      ),
    );
  } catch (error) {
    const code = errorCode(error, 'internal-error');
    service.logger.warn('A call for service led to nothing', {
      callId,
      code,
      reason: errorMessage(unanswered ?? error),
    });
    if (!isUnanswered(code)) {
      return { callId, outcome: 'failed', code, text: `The call failed: ${errorMessage(error)}` };
    }
    const text = `The call failed: nobody has answered within ${toSeconds(timeout)} s`;
    return { callId, outcome: 'unanswered', code, text };
  }
};

const ask = async (
  { useLink }: CallService,
  call: ServiceCall,
  deadline: Duration,
  signal: AbortSignal,
): Promise<CallResult> => {
  const { callId } = call;
  const { inReplyTo, outcome, text } = await useLink((link) => link.callUser(call, signal, deadline));
  if (inReplyTo !== callId) {
    throw deviceError('answer-mismatched', 'The intermediary answered another call');
  }
  return { callId, outcome, text: shown(outcome, text) };
};

const shown = (outcome: CallOutcome, text: string): string => {
  const detail = text === '' ? '' : `: ${text}`;
  if (outcome === 'succeeded') return `Service answers${detail}`;
  return outcome === 'pending' ? `Service will answer${detail}` : `The call failed${detail}`;
};
