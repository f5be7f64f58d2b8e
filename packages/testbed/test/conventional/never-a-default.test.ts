import { describe, expect, it } from '@jest/globals';
import { judgeScheme, type UpdateScheme } from '@postern/software-update';
import { codeText } from '../../src/workspace/code-text.ts';
import { readWorkspace } from '../../src/workspace/index.ts';
import { ROOT } from '../support/root.ts';

const others = readWorkspace(ROOT).filter(({ folder }) => folder !== 'testbed');

/** Tells people what row P2 is. */
const PROSE = ['packages/contracts/src/spec-rows.ts'];

/** Code and strings of a text that would lead to the conventional scheme: an import, a key of a configuration, a value. */
const leads = (path: string, text: string): readonly string[] =>
  /conventional|fixed-?(?:login|password)/i.test(codeText(text, { keepStrings: true })) ? [path] : [];

/** @spec P2 */
describe('the conventional scheme', () => {
  it('has no name in any package but the testbed: no import and no key of a configuration leads to it', () => {
    const places = others
      .flatMap(({ sources }) => sources)
      .filter(({ path }) => !PROSE.includes(path))
      .flatMap(({ path, text }) => leads(path, text));
    expect(places).toEqual([]);
  });

  it('would be found', () => {
    expect(leads('x.ts', "import { startConventionalDevice } from '@postern/testbed/conventional';")).toEqual(
      ['x.ts'],
    );
    expect(leads('x.ts', "const key = z.enum(['one-time', 'conventional']);")).toEqual(['x.ts']);
    expect(leads('x.ts', '// like the conventional scheme\nconst x = 1;')).toEqual([]);
  });

  it('is no update scheme: none that is allowed stands for Fig 26', () => {
    const figures = allSchemes().flatMap((scheme) => {
      const verdict = judgeScheme(scheme);
      return verdict.allowed ? verdict.figures : [];
    });
    expect(figures).toContain('Fig 17');
    expect(figures).not.toContain('Fig 26');
  });
});

/** Every combination of the choices of an update with a one-time password. */
function allSchemes(): readonly UpdateScheme[] {
  const parties = ['updater', 'target'] as const;
  return (['server', 'panel'] as const).flatMap((orderedBy) =>
    parties.flatMap((passwordGenerator) =>
      parties.flatMap((eraser) =>
        (['mutual', 'intermediary-authenticated', 'device-authenticated'] as const).map(
          (tls): UpdateScheme => ({
            credential: 'one-time-password',
            orderedBy,
            passwordGenerator,
            eraser,
            invalidation: 'overwrite-random',
            tls,
            bulkPathKind: 'ftp',
          }),
        ),
      ),
    ),
  );
}
