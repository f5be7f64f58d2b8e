import { PosternError } from '@postern/core';

/** What the codes of this package mean. */
export const TESTBED_ERRORS = {
  'attacker-broken':
    'The attacker of the attack suite failed by itself; build the package, and read its last words.',
  'capture-too-long': 'A download to rewrite is longer than the tampering proxy holds.',
  'connection-cut': 'A rule of the tampering proxy cut the connection here.',
  'control-line-too-long': 'A control connection sent a line longer than FTP allows.',
  'command-not-found': 'The `postern` command is not installed beside the testbed; run `npm ci`.',
  'expectation-unmet': 'Something that a test or the demo waits for did not happen in time.',
  killed: 'A simulated process was killed here; nothing of it goes on.',
  'listen-failed': 'A testbed component cannot listen on its address.',
  'namespaces-unavailable':
    'Network namespaces cannot be made on this machine; install or change what the message names.',
  'network-command-failed':
    'A program that sets up network namespaces was refused by the kernel; its words are in the message.',
  'not-checked': 'A check of an implementation needs something that was not given.',
  'not-conforming': 'The implementation under test does not do what the contract says.',
  'not-offered':
    "The other vendor's device offers the operations of the patent's part only; call one of those.",
  'not-in-this-run':
    'The way in which this topology runs cannot do that; docs/testbed.md has a table of what each can.',
  'not-a-process': 'Only a tier that runs as a process of its own can be killed.',
  'not-ours': 'That part is foreign: whoever has started it stops it, breaks it and looks into it.',
  'plan-invalid': 'A topology names two nodes alike, or a carrier that is none of its devices.',
  'tier-not-started': 'A process of the site ended before it was ready; its last words are in the message.',
} as const satisfies Record<string, string>;

export type TestbedCode = keyof typeof TESTBED_ERRORS;

export const testbedError = (
  code: TestbedCode,
  message: string,
  cause?: unknown,
): PosternError<TestbedCode> => new PosternError(code, message, { cause, hint: TESTBED_ERRORS[code] });
