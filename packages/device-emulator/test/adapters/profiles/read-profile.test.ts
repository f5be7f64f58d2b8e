import { describe, expect, test } from '@jest/globals';
import { readProfile } from '../../../src/adapters/profiles/read-profile.ts';

/** Five lines that are right; what follows begins at line 6. */
const HEAD = `name: fridge
model: Fridge 1
kind: household
description: A refrigerator
components: [firmware]
`;

const mistakes = (text: string): string[] => {
  const read = readProfile(text);
  return 'mistakes' in read
    ? read.mistakes.map(({ line, column, path, message }) => `${line}:${column}: ${path}: ${message}`)
    : [];
};

/** @spec T4 */
describe('a profile', () => {
  test('needs little', () => {
    expect(readProfile(HEAD)).toMatchObject({
      profile: {
        name: 'fridge',
        bulkPathKind: 'ftp',
        engine: { startSeconds: 0, energySavingMinutes: 0 },
        jobs: {},
        carries: { intermediary: false, firewall: false },
      },
    });
  });

  test('says what its parts are like', () => {
    const text = `${HEAD}
jobs:
  defrost: { counter: defrostings, secondsPerUnit: 60 }
  cool: { counter: cycles, secondsPerUnit: 9, blocksUpdate: false }
counters: { defrostings: 0, cycles: 7 }
parameters:
  temperature: { initial: '5', integer: { from: 1, to: 9 } }
  zone: { initial: '', pattern: '[a-z]*' }
  grade: { initial: A, readOnly: true }
commands:
  warmer:
    description: Less cold
    arguments:
      degrees: { integer: { from: 1, to: 9 }, default: '7' }
    effect: { do: set-parameter, parameter: temperature, to: { argument: degrees } }
`;
    expect(readProfile(text)).toMatchObject({
      profile: {
        jobs: {
          defrost: { blocksUpdate: true, supplies: {} },
          cool: { blocksUpdate: false },
        },
        parameters: {
          temperature: { constraint: { kind: 'integer', from: 1, to: 9 }, readOnly: false },
          zone: { constraint: { kind: 'pattern', pattern: /^(?:[a-z]*)$/u } },
          grade: { constraint: { kind: 'any' }, readOnly: true },
        },
        commands: { warmer: { arguments: { degrees: { default: '7' } } } },
      },
    });
  });

  test.each([
    ['nothing', '', ['1:1: : Invalid input: expected object, received null']],
    ['a list', '- a\n', ['1:1: : Invalid input: expected object, received array']],
    [
      'no model and no components',
      'name: a\nkind: b\ndescription: c\n',
      ['1:1: model: It is missing', '1:1: components: It is missing'],
    ],
    ['an unknown key', `${HEAD}colour: red\n`, ['6:1: colour: There is no such key']],
    ['a key twice', `${HEAD}name: other\n`, ['6:1: : Map keys must be unique']],
    ['an alias', `${HEAD}a: &x 1\nb: *x\n`, ['7:4: : Aliases are not taken: write the value out']],
    ['a tag', `${HEAD}jobs: !danger {}\n`, ['6:7: : Unresolved tag: !danger']],
    ['a tab', `${HEAD}\tjobs: {}\n`, ['6:1: : Tabs are not allowed as indentation']],
    ['a key that is a list', `${HEAD}? [a]\n: 1\n`, ['6:3: : With stringKeys, all keys must be strings']],
    ['a name of JavaScript', `${HEAD}counters:\n  __proto__: 1\n`, ['7:3: : There is no such key']],
    [
      'a second document',
      `${HEAD}---\nname: b\n`,
      ['6:1: : Source contains multiple documents; please use YAML.parseAllDocuments()'],
    ],
    [
      'a job that feeds no counter of the device',
      `${HEAD}counters:\n  cycles: 0\njobs:\n  cool: { counter: cycles, secondsPerUnit: 1 }\n  defrost:\n    secondsPerUnit: 1\n    counter: defrostings\n`,
      ['12:5: jobs.defrost.counter: There is no counter "defrostings"'],
    ],
    [
      'a job that uses up what the device has not',
      `${HEAD}counters: { a: 0 }\njobs:\n  cool: { counter: a, secondsPerUnit: 1, supplies: { gas: 1 } }\n`,
      ['8:54: jobs.cool.supplies.gas: There is no supply "gas"'],
    ],
    [
      'counters that no contract carries',
      `${HEAD}counters: { a: -1, B: 2 }\n`,
      [
        '6:13: counters.a: Too small: expected number to be >=0',
        '6:20: counters.B: Not a name: Expected at most 32 of a–z, 0–9, dot and dash',
      ],
    ],
    [
      'an initial value that its constraint forbids',
      `${HEAD}parameters:\n  t: { initial: '10', integer: { from: 1, to: 9 } }\n`,
      ['7:8: parameters.t.initial: The value must be a whole number from 1 to 9'],
    ],
    [
      'two constraints for one value',
      `${HEAD}parameters:\n  t: { initial: a, choices: [a], pattern: a }\n`,
      ['7:20: parameters.t.choices: Expected no second constraint'],
    ],
    [
      'a pattern that is none',
      `${HEAD}parameters:\n  t: { initial: a, pattern: '(' }\n`,
      ['7:20: parameters.t.pattern: Expected a regular expression'],
    ],
    [
      'an unknown effect',
      `${HEAD}commands:\n  c:\n    description: d\n    effect: { do: explode }\n`,
      [expect.stringMatching(/^9:15: commands\.c\.effect\.do: /)],
    ],
    [
      'a command that sets what there is not, and one that starts it',
      `${HEAD}commands:\n  c: { description: d, effect: { do: set-parameter, parameter: t, to: { value: '1' } } }\n  d: { description: d, effect: { do: start-job, job: cool } }\n`,
      [
        '7:53: commands.c.effect.parameter: There is no parameter "t"',
        '8:49: commands.d.effect.job: There is no job "cool"',
      ],
    ],
    [
      'a number of units that is no number',
      `${HEAD}counters: { a: 0 }\njobs: { b: { counter: a, secondsPerUnit: 1 } }\ncommands:\n  c:\n    description: d\n    arguments: { n: {} }\n    effect: { do: start-job, job: b, units: { argument: n } }\n`,
      ['12:38: commands.c.effect.units: Expected an argument with an integer constraint within 1 to 10000'],
    ],
    [
      'a component twice',
      HEAD.replace('[firmware]', '[a, b, a]'),
      ['5:20: components.2: The component is named twice'],
    ],
    [
      'brackets without end',
      `${HEAD}jobs: ${'['.repeat(20_000)}`,
      [expect.stringContaining('Nested too deeply')],
    ],
    ['more than 64 KiB', `${HEAD}#${' '.repeat(65_536)}`, ['1:1: : Larger than 64 KiB']],
  ])('is refused with %s, and says where', (_, text, expected) => {
    expect(mistakes(text)).toEqual(expected);
  });
});
