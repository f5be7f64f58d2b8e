import { PosternError } from '@postern/core';

/** What this package's own codes mean and what to do next. The text is the hint of every error made here. */
export const SERVER_ERRORS = {
  'config-invalid': 'Correct the field that is named; unknown fields are refused.',
  'operator-token-invalid': 'Remove the operator token file; the next start makes a new one.',
  'time-key-invalid':
    'Restore `time.key` from a backup; or remove it, and pin the new `time.pub` in every device without a clock.',
  'token-required':
    'Send the content of the operator token file as `Authorization: Bearer …`, or as the password of the user `operator` (HTTP Basic); or use a certificate of the role operator.',
  'too-many-failed-tries': 'Wait a minute, then try again with the right token.',
  'request-invalid': 'Correct what is named; unknown fields are refused.',
  'json-malformed': 'Send a JSON object.',
  'body-too-large': 'Send less; the limits are in the server configuration.',
  'content-type-unsupported': 'Send application/json, or application/octet-stream for an image.',
  'not-found': 'Check the path; docs/rest-api.md lists them.',
  'method-not-allowed': 'Use GET or HEAD.',
  'length-required': 'Send the image with a Content-Length.',
  'image-empty': 'Send the image as the body.',
  'image-missing': 'Upload the image first: PUT /api/v1/images/<sha256>.',
  'image-length-mismatch': 'The manifest states another length; sign the manifest for the uploaded image.',
  'digest-invalid': 'A digest is 64 lower-case hexadecimal digits.',
  'software-unknown': 'Register the software first: POST /api/v1/software, or RegisterSoftware.',
  'site-silent':
    'Look at the site: its intermediary may have lost its data. The device tells with its next registration what it runs.',
  'software-conflict': 'Sign the manifest again, so that it gets another identifier.',
  'device-unknown': 'Check the name, or wait until its intermediary has reported it.',
  'update-unknown': 'Check the identifier; finished updates are kept for a limited time.',
  'update-already-open': 'Wait for the end of the other update, or cancel it.',
  'update-finished': 'Nothing is left to cancel.',
  'idempotency-key-reused': 'Use a new idempotency key for another order.',
  'too-many-watchers': 'Close other watchers, or read without watching or waiting.',
  'not-authorised':
    "Intermediaries use the uplink, operators the operators' port; check which identity bundle the caller uses.",
  'request-foreign': 'The request was not sent to this intermediary. Check for two nodes with one identity.',
  'response-unexpected': 'Answer a request with the response element of its kind, or with a Failure.',
  'intermediary-unknown': 'Check the name in the list of intermediaries; one appears when it has called.',
  'request-unknown': 'Check the identifier; ended requests are kept for a limited time.',
  'request-taken': 'Wait for its answer: the site has it already. One that has ended cannot be withdrawn.',
  'order-unknown': 'Check the identifier; orders are kept as long as one of their requests is.',
  'target-unsuitable':
    'See docs/rest-api.md for which kinds of requests are for devices, and which for intermediaries.',
  'device-not-active': 'Adopt the device first, with an Activate request.',
  'selection-empty': 'See the list of devices for what there is; released ones are never selected.',
  'too-many-targets': 'Order in several parts, of 1,000 targets at most.',
  'too-many-requests': 'Wait until the site has answered, or raise limits.openRequestsPerIntermediary.',
  'notice-unknown': 'See the list of notices; the newest are kept.',
  'call-not-open': 'See the list of open notices for the calls that wait for an answer.',
  'delivery-reused': 'Check for two nodes with one identity, or for a device that uses an identifier twice.',
  'too-many-notices': 'Nothing; what was refused waits at the site. Look for a device that floods.',
  'device-foreign':
    'The name belongs to another intermediary. Give the device a name of its own, or, if it has moved, let it register anew, or release it at its old intermediary.',
  'device-moved': 'Order it again; it will reach the device at its new place.',
  'route-loop': 'Look at the `uplink` of the intermediaries on the route: two of them are below each other.',
  'route-too-long': 'Put the intermediary below one that is nearer to the server: 16 on a way are the most.',
  'mail-not-configured':
    'Configure `mail` with an address and the mail certificate of the intermediary, or order it by poll.',
  'mail-unusable':
    'Correct `mail` in the configuration: the identity needs a mail certificate (`postern pki issue … --mail`), and the files must be readable, the one with the password by its owner only.',
  'relay-refused': "Look at the mail server's log: it will not send mail from here, or to this address.",
  'relay-unreachable': 'Nothing; it is tried again. Check `mail.relay`, and the mail server.',
  'too-many-devices': 'Raise limits.devicesPerIntermediary, or spread the site over several intermediaries.',
  refused: 'See the log of what answered; it may be no management server.',
  'internal-error': 'See the log of the management server.',
} as const satisfies Record<string, string>;

export type ServerCode = keyof typeof SERVER_ERRORS;

/** An error of this package, with its catalogue text as the hint. */
export const serverError = (
  code: ServerCode,
  message: string,
  options: { cause?: unknown } = {},
): PosternError<ServerCode> => new PosternError(code, message, { ...options, hint: SERVER_ERRORS[code] });
