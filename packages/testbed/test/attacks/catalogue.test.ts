import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { attackPage, FAMILIES, SCHEMES } from '../../src/attacks/index.ts';
import { ROOT } from '../support/root.ts';

const attacks = FAMILIES.flatMap((family) => family.attacks);

describe('the catalogue of attacks', () => {
  it('names each attack once, and explains every outcome in sentences', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
    const unexplained = attacks.flatMap(({ name, power, goal, expected }) =>
      [power, goal, ...SCHEMES.map((scheme) => expected[scheme].why)]
        .filter((text) => !/^[A-Z0-9].*\.$/.test(text))
        .map((text) => `${name}: ${text}`),
    );
    expect(unexplained).toEqual([]);
  });

  it('attacks with every attack at least one scheme', () => {
    const idle = attacks.filter(({ expected }) =>
      SCHEMES.every((scheme) => expected[scheme].outcome === 'not-applicable'),
    );
    expect(idle).toEqual([]);
  });

  it('has a file of tests for each family', () => {
    const without = FAMILIES.filter(
      ({ name }) => !existsSync(join(ROOT, `packages/testbed/test/attacks/${name}.test.ts`)),
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('is what docs/attacks.md tells; `node packages/testbed/tooling/attacks.js --page` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/attacks.md'), 'utf8')).toBe(attackPage(FAMILIES));
  });
});
