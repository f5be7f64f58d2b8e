import { PosternError } from '@postern/core';

/** What the codes of this package mean, and what to do next. Codes of the update protocol are in `UPDATE_ERRORS`. */
export const DEVICE_ERRORS = {
  'nv-ram-corrupt': "The device's NV-RAM is damaged. Restore its directory, or manufacture the device anew.",
  'device-not-manufactured': 'The directory holds no device. Manufacture one there first.',
  'device-exists': 'The directory holds a device already. Ask for a factory reset if it is to be replaced.',
  'profile-unknown': 'No device profile has this name. See the list of profiles.',
  'device-duplicate': 'Two devices of the configuration have the same name. Rename one.',
  'boot-loop': 'The committed software crashes at every start. Mend it or manufacture the device anew.',
  'powered-off': 'The device is switched off, or on its way there. Switch it on.',
  'firmware-not-running': 'Only the normal firmware runs jobs, and it does not run. Update the device.',
  'firmware-usable': 'The updater program is not needed: the device has firmware to start. Start that.',
  'engine-queue-full': 'Too many jobs wait for the engine. Wait until some have ended.',
  'not-authorised':
    "Only the intermediary that the device was installed with may call it. Check the peer's name.",
  'not-supported-yet': 'This device does not support the operation yet.',
  'notice-refused': 'The intermediary did not accept the start notification. See its log.',
  'notice-unreachable':
    'The intermediary could not be reached with the start notification. Check its address.',
} as const satisfies Record<string, string>;

export type DeviceErrorCode = keyof typeof DEVICE_ERRORS;

/** An error of this package, with its catalogue text as the hint. */
export const deviceError = (
  code: DeviceErrorCode,
  message: string,
  cause?: unknown,
): PosternError<DeviceErrorCode> => new PosternError(code, message, { cause, hint: DEVICE_ERRORS[code] });
