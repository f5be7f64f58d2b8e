import { PosternError } from '@postern/core';

/** What this package's own codes mean and what to do next. The text is the hint of every error made here. */
export const INTERMEDIARY_ERRORS = {
  'config-invalid': 'Correct the field that is named; unknown fields are refused.',
  'not-authorised': "Give the device the certificate that bears its name, or correct the device's name.",
  'not-a-device': 'Nothing: another node of the CA answers there, or one of another CA.',
  'not-supported-yet': 'Order it differently, or use a release of the intermediary that supports it.',
  'device-unknown': 'Check the name, or wait until the device has registered.',
  'device-not-active':
    'Adopt the device: `postern site adopt NAME` at its intermediary, or a request `Activate` from the server.',
  'device-unreachable': 'Check power, network and address of the device, and that it has registered.',
  'parameter-unknown': 'GetParameters lists the parameters there are.',
  'parameter-invalid': 'Correct the value that is named; nothing was changed.',
  'counter-unknown': 'GetCounters without names lists what is counted.',
  'outcome-unknown':
    'Look at the device whether it was done; order it again only if it was not, or if twice does no harm.',
  'too-many-starts': 'Wait a minute. If the device did not send these notifications, look for who did.',
  'software-unknown': 'See `postern site software` for what is on the shelf; name it by its identifier.',
  'shelf-full': 'Take software that is no longer needed off the shelf: `postern site software remove`.',
  'bundle-missing': 'Check the path and the permissions of the bundle.',
  'bundle-incomplete':
    'Make the bundle again with `postern software bundle`; it lacks an image of its manifest.',
  'bundle-foreign':
    'Make the bundle again with `postern software bundle`; it holds what its manifest does not name.',
  'drop-unusable':
    'Correct `drop` in the configuration: both files must be readable, and the host key by its owner only (`chmod 600`).',
  'drop-name-invalid': 'Name the file NAME.tar, of letters, digits, `.`, `_` and `-`.',
  'drop-full':
    'Wait until other uploads have ended and send it again, or raise `drop.mostBytes` of the intermediary.',
  'drop-too-slow':
    'Send it over a faster link, or raise `drop.longestUpload` of the intermediary; an upload does not go on later.',
  'operation-busy': 'Wait until what is under way has ended.',
  'device-mismatch': 'Check address and name: another device answers there.',
  'range-invalid':
    'Write a range in CIDR notation, e.g. `10.0.0.0/24`, or FIRST-LAST, e.g. `10.0.0.1-10.0.0.9`.',
  'range-not-allowed': 'Search elsewhere, or add the range to `search.allowedRanges` of the intermediary.',
  'range-too-large': 'Search in several ranges of at most 1,024 addresses, one after the other.',
  'announcement-invalid':
    'Look for who announces himself as a device on the network of the site without being one.',
  'search-running': 'Wait until the search under way has ended.',
  'search-unavailable':
    'Check that the machine has multicast DNS (another program may hold port 5353 for itself), or search in a range.',
  'schedule-invalid':
    'Write `every SECONDS`, an ISO 8601 period such as `PT6H`, or a cron expression such as `0 3 * * 1-5`; without `uplink` only check-versions can be scheduled.',
  'update-unknown': 'See `postern site updates` for the updates that are remembered.',
  'operation-unknown': 'Use `postern site` of the same release as the intermediary.',
  'operation-invalid': 'Correct the field that is named.',
  'operation-port-unusable':
    'Set `operation.socket` to a shorter path in a directory of the same user, or remove what is in its place.',
  'site-not-running': 'Start the intermediary of this data directory, as the same user.',
  'too-many-notices':
    'Wait a minute. What was sent too often is lost; `notices` of the intermediary says how much a device may send.',
  'delivery-reused': 'Give every call and every notice an identifier of its own.',
  'route-unknown': 'Look whether the intermediary below still has this one as its `uplink`.',
  'device-foreign':
    'The name belongs to a device of another intermediary. Give the device a name of its own, or release it there.',
  'device-moved': 'Order it again; it will reach the device at its new place.',
  'below-silent': 'Look at the intermediary below: it may have lost its data, or its uplink.',
  'too-many-requests-below': 'Wait until the intermediary below has answered, or raise `below.mostRequests`.',
  'too-many-children': 'Raise `below.mostChildren`, or put the intermediary below another one.',
  'answer-too-large': 'Ask for less at a time: of a log with `limit` or `since`.',
  'request-foreign': 'The request was not sent to this intermediary. Check for two nodes with one identity.',
  'response-unexpected': 'Answer a request with the response element of its kind, or with a Failure.',
  'image-not-ready': 'Nothing; it is asked for again until it is there.',
  'method-not-allowed': 'Use GET or HEAD.',
  'route-loop': 'Correct the `uplink` of the intermediaries: one of them is below itself.',
  'route-too-long': 'Have fewer intermediaries below one another; 16 is the most.',
  'result-refused': 'Nothing; the device does not show results.',
  'delivery-refused': 'Nothing; it is told again, and given up when the server keeps refusing it.',
  'server-busy': 'Nothing; it is tried again.',
  'too-many-orders': 'Wait a minute, then order again at the panel.',
  'too-many-devices':
    'Remove the TLS mode intermediary-authenticated from the site and configure it for the devices that need it (`devices.NAME.tls`).',
  'password-not-expected':
    'Order again. If the device did not act on an order, somebody forges plain requests on the network of the site.',
  'program-invalid':
    'Pack the program again: an uncompressed tar file of the format ustar with a package.json that says the signed version and the main file.',
  'own-software-starting': 'Nothing; the new software is tried. Ask again in a minute.',
  'own-software-not-booted':
    'Start the intermediary with `postern intermediary`: with `ownSoftware` it needs its launcher.',
  'mail-unusable':
    'Correct `mail` in the configuration: the identity needs a mail certificate (`postern pki issue … --mail`), and the address must be free.',
  'mail-foreign-host':
    'Add the mail server that is named in the log to `mail.allowedHosts`, if it is one of the site.',
  'mail-foreign-recipient':
    'Correct the address of this intermediary in the configuration of the server, or `mail.address`.',
  'mail-not-addressed':
    'Nothing, if mail for others was led here. Otherwise correct the address, or the name of the intermediary, on either side.',
  'mail-too-old':
    'Nothing: the request goes down by poll, too. Look for what holds mail up, and at the clocks.',
  'mail-from-future': 'Correct the clock of the server or of the intermediary.',
  'mail-repeated': 'Nothing: it changed nothing. If it happens often, look for who sends mail again.',
  'mail-no-room': 'Nothing: the mail server tries again, and the requests go down by poll, too.',
  'mail-not-stored':
    'Look at the log of the intermediary: it could not write, or has no valid revocation list.',
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
