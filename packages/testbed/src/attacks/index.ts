/** The attack suite: every attack as data, carried out by attackers in processes of their own. */
export type { Attack, AttackFamily, Expectation, Finding, Outcome } from './attack.ts';
export { FAMILIES } from './families/index.ts';
export { attackPage } from './page.ts';
export { type AttackLine, runAttack } from './run-attack.ts';
export { SCHEMES, type Scheme } from './scheme.ts';
export { lineText, summaryText } from './table.ts';
