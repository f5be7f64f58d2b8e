import { PosternError } from '@postern/core';

/**
 * Why an update, or a part of one, was refused or failed: every code with what it means and what to do next.
 * The codes travel in responses and FTP replies; a journal line may also bear a transport's own (`bulk-timeout`, `unreachable`).
 */
export const UPDATE_ERRORS = {
  'manifest-malformed':
    'The signed manifest cannot be read. Sign the software again with `postern software sign`.',
  'manifest-signature-invalid':
    'No trusted vendor key signed this manifest. Check which vendor keys the node trusts.',
  'manifest-expired': 'The manifest is past its expiry. Sign the software again with a later expiry.',
  'manifest-required': 'The device installs nothing without a signed manifest. Order the update with one.',
  'wrong-model': 'The software is for another model. Order the software made for this device.',
  'release-counter-too-low':
    'The software is older than what was installed. Sign it with a higher release counter.',
  'component-unknown': 'The manifest names no such component. Check the component names of the software.',
  'image-missing':
    'The image is not to be had at the server. Add the software again with `postern software add`.',
  'too-long':
    'More bytes arrived than the manifest allows. Somebody tampered with the bulk path, or the wrong file was sent.',
  truncated: 'Fewer bytes arrived than the manifest says. The transfer is resumed.',
  'digest-mismatch':
    'The image differs from what the vendor signed. Somebody tampered with the bulk path, or storage is damaged.',
  'storage-full': 'There is no room for the image. Free space at the node that reports it.',
  'storage-failed': 'Storage could not be read or written. Check the disk of the node that reports it.',
  'boot-failed':
    'The new software did not start; the device fell back to the previous one. Mend the software.',
  'version-report-malformed': 'The version report cannot be read. Check the device.',
  'version-report-forged':
    'The version report does not bear the authentication code of this job. Somebody interferes with the bulk path.',
  'version-unchanged':
    'The device came back with the old version. See the device log for why it did not install.',
  'device-unknown': 'No such device is registered here. Check the name, or wait until it has registered.',
  'device-unreachable': 'The device cannot be reached. Check power, network and address.',
  'device-not-returned':
    'The device did not come back after the transfer. Its password is erased as soon as it is reachable, and expires by itself.',
  'update-already-open': 'Another update of this device is under way. Wait for its end or cancel it.',
  'deadline-exceeded': 'The update did not end within its deadline. Order it again with a later one.',
  cancelled: 'The update was cancelled by an operator.',
  'credential-refused':
    'The device refused the one-time password: it has expired, was erased, or somebody tried wrong passwords too often.',
  'transfer-refused': 'The device refused the image.',
  'exchange-failed':
    "An exchange with the device failed for a reason of its own. The message begins with that reason's code: docs/errors.md has ours, the manual of the device has those of its vendor.",
  'scheme-not-allowed':
    'These choices do not go together; see docs/schemes.md for those that do. Change the order or the configuration of the device link.',
  'assurance-lowered':
    'The device does less for this update than for an earlier one: somebody may answer in its place. Look at the device; if it was replaced or reset on purpose, set `devices.NAME.allowLowerAssurance: true` at the intermediary and restart it.',
  'link-mismatch':
    'Device and intermediary are set up differently. Let `devices.NAME.tls` (or `scheme.tls`) of the intermediary and `secureLink` of the device say the same, and restart both.',
  'bulk-path-not-allowed':
    'The device does not serve the bulk path that was asked for. Order another one, or change the device profile.',
  'bulk-host-unproved':
    'The other end of the encrypted bulk path has not the key that the device named. Somebody interferes with the bulk path.',
  'password-list-missing':
    'There is no password list for this device. Give the same list to the intermediary and to the device.',
  'password-list-exhausted':
    'All passwords of the list are used up. Give a new list to the intermediary and to the device.',
  'password-list-malformed':
    'This is not a password list, or one that is not whole. Make a new one with `postern passwords generate`.',
  'request-unproved':
    'A request in plain HTTP does not bear the code under the report key. Send it with the code, or on the secure path.',
  'no-software':
    'The site holds no newer software for this device. Bring some there: `postern software import`, or order it at the server.',
  'key-rotation-invalid':
    'The key rotation is not signed as the keys in force demand, or does not follow them. Sign it with the keys in force and the new ones.',
  'time-unproved':
    'The device has no clock and got no signed time that answers its nonce. Order again once it has registered with the server.',
  'internal-error': 'Something unexpected happened. See the log of the node that reports it.',
} as const;

export type UpdateErrorCode = keyof typeof UPDATE_ERRORS;

/** Whether a string from another node is one of our codes. */
export const isUpdateErrorCode = (code: string): code is UpdateErrorCode =>
  Object.hasOwn(UPDATE_ERRORS, code);

/** An error of this package, with its catalogue text as the hint. */
export const updateError = (
  code: UpdateErrorCode,
  message: string,
  cause?: unknown,
): PosternError<UpdateErrorCode> => new PosternError(code, message, { cause, hint: UPDATE_ERRORS[code] });

/** Why an update failed, as it is reported upwards. */
export interface UpdateFailure {
  readonly code: UpdateErrorCode;
  readonly message: string;
}

/** Turns whatever was thrown into a failure; an unknown code becomes `internal-error` and keeps its message out of reports. */
export const toFailure = (error: { code: string; message: string }): UpdateFailure =>
  isUpdateErrorCode(error.code)
    ? { code: error.code, message: error.message }
    : { code: 'internal-error', message: `Unexpected failure (${error.code})` };
