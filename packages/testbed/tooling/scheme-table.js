// Writes docs/schemes.md from the function that judges schemes. Run after a build, from anywhere.
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { judgeScheme, orderSteps, STEPS, stepsOf } from '@postern/software-update';

const INTRODUCTION = `# Update schemes

How one update runs is a choice, or rather several: who orders it, who makes the one-time password, who ends it and
how, who proves what on the secure path, which bulk path. This page says which choices go together, which figures
they stand for and what each gives up. It is written by \`packages/testbed/tooling/scheme-table.js\` from
\`judgeScheme\`, the function that the programs ask; do not edit. Why it is so: [ADR 0011](adr/0011-update-schemes.md),
[0012](adr/0012-tls-modes.md), [0013](adr/0013-password-lists.md).

## Which one to take

The default: ordered by the server, everything done by the intermediary, mutual TLS, plain FTP (Fig 17, Fig 14). It gives
nothing up. Leave it only for a reason:

| you have | choose |
|---|---|
| a device that makes passwords itself, or must be the one that starts every TLS connection | \`passwordGenerator: target\` |
| a device that is to confirm the end of its password by itself | \`eraser: target\` |
| a device that opens no TLS connection only to have a password ended | \`invalidation: request\` |
| a device that can keep no certificate of its own | \`tls: intermediary-authenticated\` |
| an intermediary without a certificate that its devices know | \`tls: device-authenticated\` |
| a device without any TLS | \`credential: password-list\` |
| a rule that everything on the LAN is encrypted | \`bulkPathKind: ftps-explicit\`, \`ftps-implicit\` or \`sftp\` at the device |

**Where it is said.** For a site in the intermediary's configuration under \`scheme\`, for one device under
\`devices.NAME\`; an order may override \`passwordGenerator\`, \`eraser\`, \`invalidation\` and \`bulkPathKind\` for itself (its
\`policy\`). The order wins over the device's entry, that over the site's, that over the default. \`tls\` and \`credential\`
come from the configuration alone: nobody from outside can weaken a link. Who ordered is no setting but a fact.

\`\`\`yaml
scheme:
  invalidation: request
devices:
  mfp-1:
    passwordGenerator: target
    eraser: target
  meter-7:
    tls: intermediary-authenticated
\`\`\`

Two keys of \`devices.NAME\` belong to single choices: \`plainRequests: true\` asks a device that makes its passwords for one in
plain HTTP (it brings the password over TLS all the same); \`passwordListFile\` names the list of a device with
\`credential: password-list\`, as \`postern passwords generate\` wrote it.

\`tls\` has to say what \`secureLink\` of the device says: the device tells, and no update begins between ends that are set
up differently (\`link-mismatch\`). What a device has once done for an update, checking the manifest and proving its
version reports, it has to do from then on: an update for which it does less fails with \`assurance-lowered\`, unless
\`allowLowerAssurance: true\` stands in \`devices.NAME\` (a device that was replaced or reset on purpose).

A configuration whose choices do not go together is refused at start, an order with \`scheme-not-allowed\`.
`;

const TABLE_TEXT = `
## What goes together

Orders by the server, at the intermediary's operation port and by its schedule differ in nothing else: *outside* stands for
all three. Invalidation and bulk path go with every row; they are explained below.
`;

const EXPLANATIONS = `
## How a password ends: \`invalidation\`

| choice | what happens |
|---|---|
| \`overwrite-random\` | The password is overwritten with 256 fresh random bits, on the secure path. The default. |
| \`overwrite-fixed\` | The same with a password that is fixed for site and device, derived from a secret of the site: worth nothing at another device. |
| \`request\` | The device is told that the password is no longer usable. That needs no secrecy: in plain HTTP with a code under the job's report key where the device takes such requests, else on the secure path. |

With \`eraser: updater\` the intermediary does it; with \`eraser: target\` it tells the device that the update is decided,
and the device ends its password and then says so. Whatever was chosen, the password also ends by itself with its lifetime, and
a device that could not be reached is told as soon as it returns.

## The bulk path: \`bulkPathKind\`

| choice | what it is |
|---|---|
| \`ftp\` | Plain FTP, the default: what crosses it is worth nothing to a thief and proved by the manifest's digests and the report's code. |
| \`ftps-explicit\`, \`ftps-implicit\`, \`sftp\` | Encrypted, for sites that demand it, at several times the device's work. The other end must have the very key that the device named on the secure path, so it is as strong as that path. |

## What is given up

| gap | meaning |
|---|---|
| \`device-unauthenticated\` | Another node may answer in the device's place, take its password and fake its success. It gains nothing at the real device. |
| \`updater-unauthenticated\` | Whoever reaches the device can share a password with it, end one, and read its versions. The signed manifest still decides what is installed. |
| \`listed-password\` | The password existed before the job, in two files. Who reads one of them can open the bulk path, and install nothing that is not signed. |
| \`manifest-unchecked\` | Not a matter of the scheme: the device installs what it is sent, for it checks no manifest. |
| \`reports-unauthenticated\` | Nor this: whoever is on the bulk path can forge the device's version report, for it bears no code. |

Every result names its gaps. Its assurance is \`full\` without any, \`patent\` with both of the last two, else \`partial\`.
`;

const ORDERERS = { outside: 'server', panel: 'panel' };
const PARTIES = ['updater', 'target'];
const TLS_MODES = ['mutual', 'intermediary-authenticated', 'device-authenticated'];

const cells = (values) => `| ${values.join(' | ')} |`;

const table = (heading, rows) =>
  [cells(heading), `|${'---|'.repeat(heading.length)}`, ...rows.map(cells)].join('\n');

const verdictCells = (verdict) =>
  verdict.allowed
    ? [verdict.figures.join(', '), verdict.gaps.map((gap) => `\`${gap}\``).join(', ') || 'nothing']
    : ['refused', `${verdict.reason}.`];

const oneTimeRows = () =>
  Object.entries(ORDERERS).flatMap(([orderer, orderedBy]) =>
    PARTIES.flatMap((passwordGenerator) =>
      PARTIES.flatMap((eraser) =>
        TLS_MODES.map((tls) => {
          const scheme = {
            credential: 'one-time-password',
            orderedBy,
            passwordGenerator,
            eraser,
            invalidation: 'overwrite-random',
            tls,
            bulkPathKind: 'ftp',
          };
          return [orderer, passwordGenerator, eraser, `\`${tls}\``, ...verdictCells(judgeScheme(scheme))];
        }),
      ),
    ),
  );

const listRows = () =>
  Object.entries(ORDERERS).flatMap(([orderer, orderedBy]) =>
    ['ftp', 'sftp'].map((bulkPathKind) => [
      orderer,
      bulkPathKind === 'ftp' ? '`ftp`' : 'encrypted',
      ...verdictCells(judgeScheme({ credential: 'password-list', orderedBy, bulkPathKind })),
    ]),
  );

const range = (steps) => {
  const [first] = steps;
  const last = steps.at(-1);
  return first === last ? first : `${first}–${last}`;
};

const stepRows = () => {
  const base = {
    credential: 'one-time-password',
    orderedBy: 'server',
    passwordGenerator: 'updater',
    eraser: 'updater',
    invalidation: 'overwrite-random',
    tls: 'mutual',
    bulkPathKind: 'ftp',
  };
  const schemes = [
    ['default', base],
    ['generator target', { ...base, passwordGenerator: 'target' }],
    ['ordered at the panel', { ...base, orderedBy: 'panel' }],
    ['both', { ...base, orderedBy: 'panel', passwordGenerator: 'target' }],
    ['eraser target', { ...base, eraser: 'target' }],
    ['invalidation by request', { ...base, invalidation: 'request' }],
    ['password list', { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' }],
  ];
  return schemes.map(([name, scheme]) => {
    const steps = stepsOf(scheme);
    return [
      name,
      orderSteps(scheme).join(', '),
      range([...steps.making, ...steps.sharing]),
      range([...steps.reading, ...steps.marking]),
      range([...steps.sending, ...steps.restarting]),
      range([...steps.taking, ...steps.rereading]),
      range(steps.erasing),
    ];
  });
};

const numbered = () =>
  Object.entries(STEPS).map(([id, { title, path, direction }]) => [
    id,
    title,
    path,
    direction.replace('-', ' '),
  ]);

/** The page docs/schemes.md. */
export const schemePage = () =>
  [
    INTRODUCTION,
    TABLE_TEXT,
    table(
      ['ordered', 'password made by', 'ended by', 'TLS', 'figures', 'gives up, or why it is refused'],
      oneTimeRows(),
    ),
    '\nA password list (`credential: password-list`) has no secure path, and so neither generator, eraser nor TLS:\n',
    table(['ordered', 'bulk path', 'figures', 'gives up, or why it is refused'], listRows()),
    EXPLANATIONS,
    '## Steps in the journal\n',
    'Steps keep the numbers of the figures. What is not in this table is the same in all: `IMAGE`, S110, S115, S119, S124.\n',
    table(['scheme', 'order', 'password', 'first report', 'transfer', 'second report', 'end'], stepRows()),
    '',
    table(['step', 'what', 'path', 'direction'], numbered()),
    '',
  ].join('\n');

if (argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../../../docs/schemes.md', import.meta.url)), schemePage());
}
