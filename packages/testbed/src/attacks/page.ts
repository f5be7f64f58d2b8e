import type { Attack, AttackFamily } from './attack.ts';
import { SCHEME_TITLES, SCHEMES } from './scheme.ts';

const heading = (families: readonly AttackFamily[]): readonly string[] => [
  '# Attacks',
  '',
  'Written by `node packages/testbed/tooling/attacks.js --page` from the catalogue in `packages/testbed/src/attacks/families`; do not edit.',
  '',
  '`npm run attacks` carries out every attack on real sockets, by an attacker in a process of its own, against three schemes.',
  'What came of it is judged by what the victim runs and believes, never by what the attacker says; a test asserts this whole table.',
  '',
  ...SCHEMES.map((scheme) => `- (${scheme}) ${SCHEME_TITLES[scheme]}`),
  '',
  '*succeeds*: the attacker has what it wanted. *prevented*: it has not. *detected*: it cannot be kept from trying, but nobody is',
  'deceived: the update is recorded as failed, with the reason. *bounded*: it has a part of it, and something ends that. –: does not apply.',
  'Whoever stands on a path can always keep an update from happening; the lines do not repeat it.',
  '',
  '| attack | (a) | (b) | (c) |',
  '|---|---|---|---|',
  ...families.flatMap(({ attacks }) => attacks).map(row),
  '',
];

const row = ({ name, expected }: Attack): string => {
  const cells = SCHEMES.map((scheme) => expected[scheme].outcome).map((outcome) =>
    outcome === 'not-applicable' ? '–' : outcome,
  );
  return `| [${name}](#${name}) | ${cells.join(' | ')} |`;
};

const section = ({ title, attacks }: AttackFamily): readonly string[] => [
  `## ${title}`,
  '',
  ...attacks.flatMap(({ name, power, goal, expected }) => [
    `### ${name}`,
    '',
    `*The attacker:* ${power} *Its aim:* ${goal}`,
    '',
    ...SCHEMES.map((scheme) => `- (${scheme}) **${expected[scheme].outcome}**: ${expected[scheme].why}`),
    '',
  ]),
];

/** The page docs/attacks.md. */
export const attackPage = (families: readonly AttackFamily[]): string =>
  [...heading(families), ...families.flatMap(section)].join('\n');
