import { PosternError } from '@postern/core';

/** What the command's own refusals mean and what to do next. */
export const CLI_ERRORS = {
  'check-unknown': 'Leave --only out to see the names of all checks.',
  'argument-invalid': 'See `postern request KIND --help` for what this kind of request takes.',
  'bundle-images-wrong': 'Give exactly the image files that the manifest was signed for.',
  'command-invalid':
    'Write one JSON object a line, e.g. {"command":"order-update","device":"mfp-1","generator":"target"} or {"command":"show-panel","device":"mfp-1"}. The README of the device emulator lists the commands.',
  'component-invalid': 'Write NAME:VERSION:COUNTER:FILE, e.g. firmware:2.0.0:7:build/firmware.bin.',
  'config-invalid': 'See docs/operations.md, or the `src/config.ts` of the package, for the keys.',
  'config-unreadable': 'Check the path and the permissions of the configuration file.',
  'default-image-missing': 'Name a firmware image with --image FILE.',
  'file-changed': 'Read it again.',
  'fd-limit-too-low':
    'Each device listens on two sockets. Raise the limit of open files (ulimit -n, LimitNOFILE= of a systemd unit, --ulimit nofile= of a container), or run fewer devices in a process.',
  'fleet-invalid':
    'A fleet has 1 to 10000 devices in a process. A prefix begins with a letter or digit; letters, digits and . _ - follow, 58 characters at most.',
  'file-exists': 'Choose another name: neither a vendor key nor a password list is ever overwritten.',
  'file-unreadable': 'Check the path and the permissions of the file.',
  'file-unwritable': 'Check that the directory exists, its permissions and its free space.',
  'image-empty': 'An image has at least one byte.',
  'key-too-open':
    'Make it readable by its owner alone (chmod 600), or make a new key if others may have read it.',
  'key-unusable': 'Make a key with `postern software keygen`.',
  'manifest-unreadable': 'Sign the software with `postern software sign`.',
  'nothing-to-install': 'Give --bundle, or --manifest and the --image files it names.',
  'nothing-to-withdraw': 'Wait for the answers: postern request show.',
  'request-kind-unknown': 'See `postern request --help` for the kinds.',
  'operator-access-missing':
    'Give --operator together with --operator-token-file or --operator-identity, or none of them.',
  'server-url-invalid': 'Write the REST address as https://HOST:PORT, e.g. https://127.0.0.1:8444.',
  'target-url-invalid':
    'Write the address of the contract as https://HOST:PORT/PATH, e.g. https://10.0.0.7:8443/device.',
  'software-not-registered': 'See `postern software list`.',
  'targets-missing': 'Name devices or intermediaries; or select devices with --all-of, --model or --profile.',
} as const satisfies Record<string, string>;

export type CliCode = keyof typeof CLI_ERRORS;

/** An error of this package, with its catalogue text as the hint. */
export const cliError = (code: CliCode, message: string, cause?: unknown): PosternError<CliCode> =>
  new PosternError(code, message, { cause, hint: CLI_ERRORS[code] });
