/**
 * The updater's machine, written down by hand-checked cells. `unchanged`: the event does not belong to the phase;
 * `stays`: the state changes, the phase does not; `retry`: the effect is tried again after a pause;
 * `again`: another whole transfer begins; else the next phase. Events and states: states-and-events.ts.
 */
export const NEXT_PHASE = `
| event                     | preparing    | sharing      | checking     | transferring | restarting   | rechecking   | erasing      | reporting    | owing        | finished     |
|---------------------------|--------------|--------------|--------------|--------------|--------------|--------------|--------------|--------------|--------------|--------------|
| prepared                  | sharing      | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| shared                    | unchanged    | checking     | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| shared: other password    | unchanged    | checking     | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| reported: new version     | unchanged    | unchanged    | erasing      | unchanged    | unchanged    | erasing      | unchanged    | unchanged    | unchanged    | unchanged    |
| reported: old version     | unchanged    | unchanged    | transferring | unchanged    | unchanged    | transferring | unchanged    | unchanged    | unchanged    | unchanged    |
| reported: still has jobs  | unchanged    | unchanged    | transferring | unchanged    | unchanged    | restarting   | unchanged    | unchanged    | unchanged    | unchanged    |
| reported: did not start   | unchanged    | unchanged    | transferring | unchanged    | unchanged    | erasing      | unchanged    | unchanged    | unchanged    | unchanged    |
| reported: updater program | unchanged    | unchanged    | transferring | unchanged    | unchanged    | transferring | unchanged    | unchanged    | unchanged    | unchanged    |
| transferred               | unchanged    | unchanged    | unchanged    | restarting   | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| already-installed         | unchanged    | unchanged    | unchanged    | rechecking   | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| connection-dropped        | unchanged    | unchanged    | unchanged    | unchanged    | stays        | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| start-notified            | unchanged    | unchanged    | unchanged    | unchanged    | rechecking   | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| not-returned              | unchanged    | unchanged    | unchanged    | unchanged    | rechecking   | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
| erased                    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | reporting    | unchanged    | finished     | unchanged    |
| acknowledged              | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | owing        | unchanged    | unchanged    |
| credential-expired        | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | finished     | unchanged    |
| failed: connection        | retry        | retry        | retry        | retry        | retry        | retry        | retry        | unchanged    | retry        | unchanged    |
| failed: digest            | reporting    | erasing      | erasing      | again        | erasing      | erasing      | retry        | unchanged    | retry        | unchanged    |
| failed: forged report     | retry        | retry        | retry        | retry        | retry        | retry        | retry        | unchanged    | retry        | unchanged    |
| failed: refused           | reporting    | erasing      | erasing      | erasing      | erasing      | erasing      | retry        | unchanged    | retry        | unchanged    |
| failed: login refused     | reporting    | erasing      | erasing      | erasing      | erasing      | erasing      | retry        | unchanged    | retry        | unchanged    |
| deadline-passed           | reporting    | erasing      | erasing      | erasing      | erasing      | erasing      | unchanged    | unchanged    | unchanged    | unchanged    |
| cancelled                 | reporting    | erasing      | erasing      | erasing      | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    | unchanged    |
`;

/** What every cell that changes something decides and writes: `S112` done, `S112…` started, `S112✗` failed. */
export const OUTCOME_AND_STEPS = `
| phase        | event                     | outcome                  | journal                       |
|--------------|---------------------------|--------------------------|-------------------------------|
| preparing    | prepared                  |                          | IMAGE S102 S103…              |
| preparing    | failed: connection        |                          | IMAGE✗                        |
| preparing    | failed: digest            | failed digest-mismatch   | IMAGE✗ S124…                  |
| preparing    | failed: forged report     |                          | IMAGE✗                        |
| preparing    | failed: refused           | failed wrong-model       | IMAGE✗ S124…                  |
| preparing    | failed: login refused     | failed credential-refused| IMAGE✗ S124…                  |
| preparing    | deadline-passed           | failed deadline-exceeded | IMAGE✗ S124…                  |
| preparing    | cancelled                 | cancelled                | S124…                         |
| sharing      | shared                    |                          | S103 S104 S105 S106 S107…     |
| sharing      | shared: other password    |                          | S103 S104 S105 S106 S107…     |
| sharing      | failed: connection        |                          | S104✗                         |
| sharing      | failed: digest            | failed digest-mismatch   | S104✗ S120…                   |
| sharing      | failed: forged report     |                          | S104✗                         |
| sharing      | failed: refused           | failed wrong-model       | S104✗ S120…                   |
| sharing      | failed: login refused     | failed credential-refused| S104✗ S120…                   |
| sharing      | deadline-passed           | failed deadline-exceeded | S104✗ S120…                   |
| sharing      | cancelled                 | cancelled                | S120…                         |
| checking     | reported: new version     | not-required             | S107 S108 S109 S110 S120…     |
| checking     | reported: old version     |                          | S107 S108 S109 S110 S111…     |
| checking     | reported: still has jobs  |                          | S107 S108 S109 S110 S111…     |
| checking     | reported: did not start   |                          | S107 S108 S109 S110 S111…     |
| checking     | reported: updater program |                          | S107 S108 S109 S110 S111…     |
| checking     | failed: connection        |                          | S108✗                         |
| checking     | failed: digest            | failed digest-mismatch   | S108✗ S120…                   |
| checking     | failed: forged report     |                          | S108✗                         |
| checking     | failed: refused           | failed wrong-model       | S108✗ S120…                   |
| checking     | failed: login refused     | failed credential-refused| S108✗ S120…                   |
| checking     | deadline-passed           | failed deadline-exceeded | S108✗ S120…                   |
| checking     | cancelled                 | cancelled                | S120…                         |
| transferring | transferred               |                          | S111 S112 S113…               |
| transferring | already-installed         |                          | S116…                         |
| transferring | failed: connection        |                          | S112✗                         |
| transferring | failed: digest            |                          | S112✗ S111…                   |
| transferring | failed: forged report     |                          | S112✗                         |
| transferring | failed: refused           | failed wrong-model       | S112✗ S120…                   |
| transferring | failed: login refused     | failed credential-refused| S112✗ S120…                   |
| transferring | deadline-passed           | failed deadline-exceeded | S112✗ S120…                   |
| transferring | cancelled                 | cancelled                | S120…                         |
| restarting   | connection-dropped        |                          | S113 S114                     |
| restarting   | start-notified            |                          | S115 S116…                    |
| restarting   | not-returned              |                          | S116…                         |
| restarting   | failed: connection        |                          | S115✗                         |
| restarting   | failed: digest            | failed digest-mismatch   | S115✗ S120…                   |
| restarting   | failed: forged report     |                          | S115✗                         |
| restarting   | failed: refused           | failed wrong-model       | S115✗ S120…                   |
| restarting   | failed: login refused     | failed credential-refused| S115✗ S120…                   |
| restarting   | deadline-passed           | failed deadline-exceeded | S115✗ S120…                   |
| rechecking   | reported: new version     | verified                 | S116 S117 S118 S119 S120…     |
| rechecking   | reported: old version     |                          | S116 S117 S118 S119✗ S111…    |
| rechecking   | reported: still has jobs  |                          | S116 S117 S118 S113…          |
| rechecking   | reported: did not start   | failed boot-failed       | S116 S117 S118 S119✗ S120…    |
| rechecking   | reported: updater program |                          | S116 S117 S118 S119✗ S111…    |
| rechecking   | failed: connection        |                          | S117✗                         |
| rechecking   | failed: digest            | failed digest-mismatch   | S117✗ S120…                   |
| rechecking   | failed: forged report     |                          | S117✗                         |
| rechecking   | failed: refused           | failed wrong-model       | S117✗ S120…                   |
| rechecking   | failed: login refused     | failed credential-refused| S117✗ S120…                   |
| rechecking   | deadline-passed           | failed deadline-exceeded | S117✗ S120…                   |
| erasing      | erased                    |                          | S120 S121 S122 S123 S124…     |
| erasing      | failed: connection        |                          | S121✗                         |
| erasing      | failed: digest            |                          | S121✗                         |
| erasing      | failed: forged report     |                          | S121✗                         |
| erasing      | failed: refused           |                          | S121✗                         |
| erasing      | failed: login refused     |                          | S121✗                         |
| reporting    | acknowledged              |                          | S124                          |
| owing        | erased                    |                          | S120 S121 S122 S123           |
| owing        | credential-expired        |                          |                               |
| owing        | failed: connection        |                          |                               |
| owing        | failed: digest            |                          |                               |
| owing        | failed: forged report     |                          |                               |
| owing        | failed: refused           |                          |                               |
| owing        | failed: login refused     |                          |                               |
`;

/** The cells in which the machine differs when the device makes the password (Fig 21, Fig 23). */
export const TARGET_MADE_DIFFERS = `
| phase        | event                     | next         |
|--------------|---------------------------|--------------|
| checking     | failed: login refused     | sharing      |
`;

/**
 * And those for a password list (Fig 13): nothing has reached the device before the first login; a refused login
 * means the next entry; behind the restart the next entry is taken, and after it every transfer begins with another.
 */
export const LISTED_DIFFERS = `
| phase        | event                     | next         |
|--------------|---------------------------|--------------|
| sharing      | failed: digest            | reporting    |
| sharing      | failed: refused           | reporting    |
| sharing      | failed: login refused     | reporting    |
| sharing      | deadline-passed           | reporting    |
| sharing      | cancelled                 | reporting    |
| checking     | failed: login refused     | sharing      |
| transferring | failed: login refused     | rechecking   |
| rechecking   | shared                    | stays        |
| rechecking   | shared: other password    | stays        |
| rechecking   | reported: old version     | sharing      |
| rechecking   | reported: updater program | sharing      |
| rechecking   | failed: login refused     | stays        |
`;

/** The cells of a table, row by row, without its heading. */
export const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** The names above the columns. */
export const headingOf = (table: string): readonly string[] =>
  (table.trim().split('\n')[0] ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
