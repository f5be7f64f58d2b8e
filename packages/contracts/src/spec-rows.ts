/** One promise of the specification. Code and tests point at it with `@spec <id>`. */
export interface SpecRow {
  readonly id: string;
  /** What must work, in one sentence. */
  readonly text: string;
  /** The figure and steps of the scheme's description that the row stands for; empty for what goes beyond it. */
  readonly figure: string;
  /** Whether code and a test must exist; a check fails on a finished row that lacks either. */
  readonly finished: boolean;
}

/** U1 to U21: the whole update protocol. */
const UPDATES = Array.from({ length: 21 }, (_, at) => `U${at + 1}`);
const OTHERS =
  'T1 T2 T3 T4 T5 R1 R2 R3 R4 R5 R6 R7 R8 R9 I1 I2 I3 I4 I5 D1 D2 D3 D4 D5 P1 P2 A1 A2 A3 B1 B2 B3 X1 X2 X3 X4 X5 X6';
const FINISHED: ReadonlySet<string> = new Set([...UPDATES, ...OTHERS.split(' ')]);

const row = (id: string, figure: string, text: string): SpecRow => ({
  id,
  figure,
  text,
  finished: FINISHED.has(id),
});

/** Every row, in the order of the specification. */
export const specRows: readonly SpecRow[] = [
  row(
    'T1',
    'Fig 1 A',
    'A server reaches several devices of a site through one intermediary behind a firewall.',
  ),
  row('T2', 'Fig 1 B', 'An intermediary has another one below it, and requests for its devices pass both.'),
  row(
    'T3',
    'Fig 1 C',
    'A device with the intermediary built in talks to the server itself and serves devices below it.',
  ),
  row('T4', 'Fig 25', 'Devices of any kind take part, each by a profile of its own.'),
  row(
    'T5',
    'Fig 1',
    'No connection is ever opened from the server towards a site; the simulated firewall proves it.',
  ),

  row(
    'R1',
    'Fig 2 B, Fig 10 S601–S608',
    'A request of the server waits for the poll, goes down as its answer, and its response comes up later.',
  ),
  row('R2', "Fig 2 B b'", 'A request of the server that takes longer is answered with a delay notice first.'),
  row(
    'R3',
    'Fig 2 A',
    "A request of a device is forwarded with the intermediary's identification and answered.",
  ),
  row(
    'R4',
    "Fig 2 A a'",
    'A request of a device that takes longer gets a delay notice, and the answer with a later connection.',
  ),
  row('R5', 'Fig 10', 'The server reads billing counters from the NV-RAM of a device.'),
  row('R6', 'Fig 11 A S701–S713', 'A user call is answered by the server and the result shows on the panel.'),
  row('R7', 'Fig 11 B', 'When the server is silent, the intermediary answers a user call with a failure.'),
  row('R8', 'Fig 11 C', 'When the intermediary is silent, the device answers its user call itself.'),
  row('R9', 'Fig 2', 'The server can send a request down by signed mail.'),

  row(
    'I1',
    'Fig 4',
    'The intermediary controls devices: set up, update, change polling, output logs, activate.',
  ),
  row(
    'I2',
    'Fig 4',
    'The intermediary offers the remote services: logs, software, commands, notices, registration, alive checks.',
  ),
  row(
    'I3',
    'Fig 4',
    'The intermediary has security, device connection, server communication and scheduler services.',
  ),
  row('I4', 'Fig 4', "An update can be ordered at the intermediary's own operation port."),
  row(
    'I5',
    'Fig 4',
    'Software reaches the intermediary from the server, from another device or from a recording medium.',
  ),

  row(
    'D1',
    'Fig 6',
    'A device keeps counters and settings in NV-RAM over restarts and has storage and a control panel.',
  ),
  row(
    'D2',
    'Fig 8 A–C',
    'A device raises and drops its engine-ready and power-control signals as it starts and saves energy.',
  ),
  row('D3', 'Fig 7', 'Jobs of the applications use the engine and feed the counters.'),
  row('D4', 'Fig 9', "A device's remote service has a server part and a client part."),
  row('D5', 'Fig 9', 'A compact updater program without TLS starts when the firmware is unusable.'),

  row(
    'U1',
    'Fig 17 S102–S106',
    'The updater makes a one-time password and the device stores it, sent on the secure path.',
  ),
  row(
    'U2',
    'Fig 17 S107–S109',
    'The updater reads the version report on the bulk path with the one-time password.',
  ),
  row(
    'U3',
    'Fig 17 S110, Fig 18 S209',
    'Where no update is needed, the password is erased and that is reported.',
  ),
  row('U4', 'Fig 17 S111–S112', 'The image travels on the bulk path.'),
  row('U5', 'Fig 17 S113–S114', 'The device lets jobs end, updates and restarts; the bulk connection drops.'),
  row('U6', 'Fig 17 S115', 'The restarted device sends a start notification.'),
  row(
    'U7',
    'Fig 17 S116–S119',
    'The updater reads the version report again and compares it with what it sent.',
  ),
  row(
    'U8',
    'Fig 17 S120–S123',
    'The one-time password is overwritten with an erasure password on the secure path.',
  ),
  row('U9', 'Fig 17 S124', 'The result goes to the server as the answer to its request.'),
  row(
    'U10',
    'Fig 18 S201–S220',
    'After a failure the transfer is tried again without sharing again, or failure is reported and the password erased.',
  ),
  row('U11', 'Fig 17 S120', 'The erasure password is random each time, or fixed.'),
  row('U12', 'Fig 17 S121', 'Instead of overwriting, a request without secrets can end the password.'),
  row('U13', 'Fig 17 S123', 'The updater forgets its own copy of the password.'),
  row('U14', 'Fig 18 S307', 'Wrong credentials are refused and the device waits for the next connection.'),
  row('U15', 'Fig 21', 'The device makes the one-time password.'),
  row('U16', 'Fig 22', "The update is ordered at the device's panel."),
  row('U17', 'Fig 23', 'The update is ordered at the panel and the device makes the password.'),
  row('U18', 'Fig 24', 'The device sends the erasure.'),
  row('U19', 'Fig 17', 'Application software is updated as well as firmware.'),
  row('U20', 'Fig 17', 'An update tool, or the server itself, can be the updater.'),
  row('U21', 'Fig 17', 'The intermediary itself can be the target.'),

  row('P1', 'Fig 12, Fig 13 S41–S58', 'Password lists can take the place of single passwords.'),
  row(
    'P2',
    'Fig 26 S11–S18, Fig 27',
    'The conventional scheme exists as the baseline to compare with and to attack, never as a default.',
  ),

  row('A1', 'Fig 14', 'Both sides of the secure path authenticate each other with certificates.'),
  row('A2', 'Fig 15', 'Only the device authenticates the intermediary.'),
  row('A3', 'Fig 16', 'Only the intermediary authenticates the device.'),

  row('B1', 'Fig 17', 'The bulk path is FTP by default.'),
  row('B2', 'Fig 17', 'The bulk path can be FTPS, chosen by device profile.'),
  row('B3', 'Fig 17', 'The bulk path can be SFTP, chosen by device profile.'),

  row(
    'X1',
    '',
    'A signed manifest travels on the secure path and the device checks all of it before it switches over.',
  ),
  row('X2', '', 'The version report is authenticated with a key that never crosses the bulk path.'),
  row(
    'X3',
    '',
    'The one-time password is bound to device, intermediary, job and time, and ends after too many wrong tries.',
  ),
  row('X4', '', 'Two image slots, commit after the first good start, fall-back by itself.'),
  row('X5', '', 'An interrupted transfer resumes where it stopped.'),
  row('X6', '', 'What a tier holds survives being killed at any point.'),
];
