import { errorCode, errorMessage, PosternError } from '@postern/core';
import { INTERMEDIARY_ERRORS, type IntermediaryCode, intermediaryError } from '../../errors.ts';

/** Codes of a transport, and of a wait, that say no more to an operator than that the device does not answer. */
const NOT_REACHED: readonly string[] = ['unreachable', 'connection-lost', 'tls-refused', 'deadline-exceeded'];

/** Seen from the server, a device's transport failure is not the uplink's; what to look at it still says. */
export const deviceUnreachable = (deviceId: string, error: unknown): unknown => {
  if (!NOT_REACHED.includes(errorCode(error, ''))) return error;
  const { hint } = error as Partial<PosternError>;
  const message = `The device ${deviceId} cannot be reached: ${errorMessage(error)}`;
  return new PosternError<IntermediaryCode>('device-unreachable', message, {
    cause: error,
    hint: hint ?? INTERMEDIARY_ERRORS['device-unreachable'],
  });
};

/** @param cause why the call that may have reached the device brought no answer, where that is known */
export const outcomeUnknown = (deviceId: string, cause?: unknown): PosternError<IntermediaryCode> =>
  intermediaryError(
    'outcome-unknown',
    cause === undefined
      ? `${deviceId} may have done it or not: it was asked, and nobody heard the answer`
      : `${deviceId} may have done it or not: ${errorMessage(cause)}`,
    cause,
  );
