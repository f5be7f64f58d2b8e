import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_SCHEME,
  judgeScheme,
  type OneTimeScheme,
  orderSteps,
  STEPS,
  type StepId,
  stepsOf,
  type UpdateScheme,
} from '@postern/software-update';
import { ALLOWED_SCHEMES, LIST } from '../support/schemes.ts';

const oneTime = (choices: Partial<OneTimeScheme>): UpdateScheme => ({ ...DEFAULT_SCHEME, ...choices });

describe('a scheme is judged', () => {
  /** @spec U15 U16 U17 U18 A1 A2 A3 P1 */
  test.each<[UpdateScheme, readonly string[], readonly string[]]>([
    [DEFAULT_SCHEME, ['Fig 17', 'Fig 14'], []],
    [oneTime({ passwordGenerator: 'target' }), ['Fig 21', 'Fig 14'], []],
    [oneTime({ orderedBy: 'panel' }), ['Fig 22', 'Fig 14'], []],
    [oneTime({ orderedBy: 'panel', passwordGenerator: 'target' }), ['Fig 23', 'Fig 14'], []],
    [oneTime({ eraser: 'target' }), ['Fig 17', 'Fig 24', 'Fig 14'], []],
    [oneTime({ tls: 'intermediary-authenticated' }), ['Fig 17', 'Fig 15'], ['device-unauthenticated']],
    [oneTime({ tls: 'device-authenticated' }), ['Fig 17', 'Fig 16'], ['updater-unauthenticated']],
    [LIST, ['Fig 12', 'Fig 13'], ['listed-password']],
  ])('%j is allowed', (scheme, figures, gaps) => {
    expect(judgeScheme(scheme)).toEqual({ allowed: true, figures, gaps });
  });

  /** @spec A2 P1 */
  test.each<[string, UpdateScheme]>([
    ['nobody orders', oneTime({ orderedBy: 'panel', tls: 'intermediary-authenticated' })],
    ['vouches for an erasure', oneTime({ eraser: 'target', tls: 'intermediary-authenticated' })],
    ['encrypted without a pinned key', { ...LIST, bulkPathKind: 'sftp' }],
    ['a list ordered at the panel', { ...LIST, orderedBy: 'panel' }],
  ])('what nobody can prove is refused: %s', (_, scheme) => {
    expect(judgeScheme(scheme)).toEqual({ allowed: false, reason: expect.stringMatching(/\w{3}/) });
  });
});

describe('the steps of a scheme', () => {
  /** @spec U15 U16 U17 P1 */
  test('all have a text, none stands twice in one part, and a failure is written to a step of its part', () => {
    for (const scheme of ALLOWED_SCHEMES) {
      const { failing, ...parts } = stepsOf(scheme);
      for (const steps of Object.values(parts) as (readonly StepId[])[]) {
        expect(new Set(steps).size).toBe(steps.length);
        for (const step of steps) expect(STEPS[step].title).not.toBe('');
      }
      expect(parts.sharing).toContain(failing.sharing);
      expect(parts.reading).toContain(failing.checking);
      expect(parts.sending).toContain(failing.transferring);
      expect(parts.rereading).toContain(failing.rechecking);
      expect(parts.erasing).toContain(failing.erasing);
      expect(parts.erasing).toContain(failing.owing);
      if (failing.marking !== undefined) expect(parts.marking).toContain(failing.marking);
    }
  });

  /** @spec U16 U17 */
  test('an order is written down as what it was', () => {
    expect(orderSteps(DEFAULT_SCHEME)).toEqual(['S101']);
    expect(orderSteps(LIST)).toEqual(['S101']);
    expect(orderSteps(oneTime({ orderedBy: 'schedule' }))).toEqual(['ORDER']);
    expect(orderSteps(oneTime({ orderedBy: 'panel' }))).toEqual(['S411', 'S412']);
    expect(orderSteps(oneTime({ orderedBy: 'panel', passwordGenerator: 'target' }))).toEqual([
      'S411',
      'S402',
      'S403',
      'S404',
      'S405',
      'S406',
    ]);
  });
});
