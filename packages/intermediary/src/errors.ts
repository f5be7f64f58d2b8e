import { PosternError } from '@postern/core';

/** What this package's own codes mean and what to do next. The text is the hint of every error made here. */
export const INTERMEDIARY_ERRORS = {
  'config-invalid': 'Correct the field that is named; unknown fields are refused.',
  'not-authorised': "Give the device the certificate that bears its name, or correct the device's name.",
  'not-supported-yet': 'Order it differently, or use a release of the intermediary that supports it.',
  'device-unknown': 'Check the name, or wait until the device has registered.',
  'device-unreachable': 'Check power, network and address of the device, and that it has registered.',
  'too-many-starts': 'Wait a minute. If the device did not send these notifications, look for who did.',
  'server-busy': 'Nothing; it is tried again.',
  unreachable: 'Check the uplink; it is tried again.',
  'connection-lost': 'Nothing; it is tried again and goes on where it stopped.',
  'response-invalid':
    'Check that the uplink address is that of a server, and that no proxy answers in its place.',
} as const satisfies Record<string, string>;

export type IntermediaryCode = keyof typeof INTERMEDIARY_ERRORS;

/** An error of this package, with its catalogue text as the hint. */
export const intermediaryError = (
  code: IntermediaryCode,
  message: string,
  cause?: unknown,
): PosternError<IntermediaryCode> =>
  new PosternError(code, message, { cause, hint: INTERMEDIARY_ERRORS[code] });
