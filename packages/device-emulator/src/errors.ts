import { PosternError } from '@postern/core';

/** What the codes of this package mean, and what to do next. Codes of the update protocol are in `UPDATE_ERRORS`. */
export const DEVICE_ERRORS = {
  'nv-ram-corrupt': "The device's NV-RAM is damaged. Restore its directory, or manufacture the device anew.",
  'device-not-manufactured': 'The directory holds no device. Manufacture one there first.',
  'device-exists': 'The directory holds a device already. Ask for a factory reset if it is to be replaced.',
  'profile-unknown':
    'No profile of the package has this name. Take one of the list, or give the path of a file of your own (with a slash, or ending in .yaml).',
  'profile-unreadable': 'Check the path and the permissions of the profile.',
  'profile-invalid':
    'Mend the file where it says; packages/device-emulator/profiles has examples, and the README of the package the keys.',
  'fault-unknown': 'No fault of a device has this name. Take one of the list.',
  'fault-invalid': 'Write NAME=VALUE; docs/operations.md has the faults and what they do.',
  'device-duplicate': 'Two devices of the configuration have the same name. Rename one.',
  'boot-loop': 'The committed software crashes at every start. Mend it or manufacture the device anew.',
  'powered-off': 'The device is switched off, or on its way there. Switch it on.',
  'firmware-not-running': 'Only the normal firmware runs jobs, and it does not run. Update the device.',
  'firmware-usable': 'The updater program is not needed: the device has firmware to start. Start that.',
  'bulk-path-encrypted':
    'The updater program by itself serves plain FTP only, which would be a downgrade for this device. Let `postern device` run it: there it has the bulk path of the device.',
  'password-list-foreign':
    'The password list was made for another device. Give each device the list that bears its name.',
  'password-list-damaged':
    "The device's copy of its password list is damaged. Give it a new list, and the intermediary the same.",
  'application-unknown': 'The device has no application of this name. GetApplications lists those it has.',
  'application-stopped':
    'The application that the job needs is stopped. Start it (SetApplication) and give the job again.',
  'job-kind-unknown': 'The device has no job of this kind. Its profile lists those it has.',
  'job-too-long':
    'A job has at least one unit, and not more than the engine takes at once. Give several jobs.',
  'supply-unknown': 'The device has no supply of this name. Its profile lists those it has.',
  'panel-page-unusable':
    'Choose another `panelPage.host` or `panelPage.port`: the address is taken, or not of this machine.',
  'panel-host-refused':
    'Open the page of the panel under the address that was printed, or add the name to `panelPage.names`.',
  'panel-press-refused':
    'Press keys on the page of the panel itself; programs use `postern device --interactive`.',
  'panel-unknown': 'See the list of devices at the address of the panel page.',
  'panel-request-invalid': 'Load the page of the panel anew: it is of another version.',
  'too-many-watchers': 'Close some of the pages of panels.',
  'engine-queue-full': 'Too many jobs wait for the engine. Wait until some have ended.',
  'not-authorised':
    "Only the intermediary that the device was installed with may call it, and the tools among its `updaters`. Check the caller's name, and that `secureLink` of the device and `devices.NAME.tls` of the intermediary say the same.",
  'link-refused':
    'Device and intermediary did not come together on the secure path. `secureLink` of the device and `devices.NAME.tls` of the intermediary must say the same; if they do, check certificates and names.',
  'link-too-weak':
    'A device that proves nothing (secureLink: intermediary-authenticated) neither orders an update nor vouches for an erasure. Order at the intermediary, or let the updater erase; or choose another `secureLink` and `devices.NAME.tls`.',
  'secure-path-only':
    'This request is not taken in plain HTTP. Send it over TLS to the secure path of the device.',
  'too-many-requests': 'The device was asked too often. Wait a second between requests.',
  'exchange-under-way':
    'The device is handing over the password of another job. Ask again when that has ended, within seconds.',
  'answer-mismatched': 'The intermediary answered for another job or user. See its log; nothing was kept.',
  'intermediary-only':
    'Only the intermediary of the device takes calls of the device, an updater does not. Let the updater make and erase the password.',
  'job-reserved':
    'Identifiers that begin with `panel-` are made at the panel of the device. Choose another one for the job.',
  'request-id-reused':
    'The identifier of a request stands for one request for ever. Give a new request a new one.',
  'parameter-unknown': 'The device has no such parameter. GetParameters lists those it has.',
  'parameter-read-only': 'The device alone sets this parameter. Leave it out.',
  'parameter-invalid':
    'Nothing was set. Give every parameter once, with a value that the profile of the device allows.',
  'command-unknown': 'The device has no such command. Its profile lists those it has.',
  'argument-invalid':
    'Nothing was done. Give the arguments that the command has in the profile of the device, each once, with a value that it allows.',
  'update-under-way': 'The device is installing software. Wait until it has restarted.',
  'file-unknown': 'The device has no file of this name. ListFiles lists those it has.',
  'file-incomplete':
    'Parts of a file come in order, and a restart of the device forgets an unfinished one. Go on where the message says, or begin again at byte 0.',
  'file-too-large': 'A file has at most 1 MiB. Split it; software travels on the bulk path.',
  'file-mismatched':
    'What came is not the file that was announced, and nothing was kept of it. Check length and digest, and begin again at byte 0.',
  'file-damaged': "The device's copy of the file is damaged. Write it again, or delete it.",
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
