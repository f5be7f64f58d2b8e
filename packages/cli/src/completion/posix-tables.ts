import type { CommandWords, Value } from './vocabulary.ts';

/**
 * Functions that bash and zsh both understand; each leaves its answer in REPLY:
 * `_postern_commands PATH`, `_postern_options PATH`, `_postern_value 'PATH OPTION'` (words, `@file`, `@directory`, `@other`,
 * or nothing for an option without value), `_postern_operand PATH`.
 */
const posixTables = (vocabulary: readonly CommandWords[]): string =>
  [
    table(
      '_postern_commands',
      vocabulary.map(({ path, commands }) => [path, commands.map(({ name }) => name).join(' ')]),
    ),
    table(
      '_postern_options',
      vocabulary.map(({ path, options }) => [path, options.map(({ flag }) => flag).join(' ')]),
    ),
    table(
      '_postern_value',
      vocabulary.flatMap(({ path, options }) =>
        options.map(({ flag, value }): [string, string] => [
          `${path} ${flag}`,
          value === undefined ? '' : encode(value),
        ]),
      ),
    ),
    table(
      '_postern_operand',
      vocabulary.map(({ path, operand }) => [path, operand === undefined ? '' : encode(operand)]),
    ),
  ].join('\n');

const encode = (value: Value): string => (typeof value === 'string' ? `@${value}` : value.words.join(' '));

/** Places with the same answer share a line; places without one need none. */
const table = (name: string, entries: readonly (readonly [place: string, answer: string])[]): string => {
  const places = new Map<string, string[]>();
  for (const [place, answer] of entries) {
    if (answer !== '') places.set(answer, [...(places.get(answer) ?? []), quoted(place)]);
  }
  const lines = [...places].map(([answer, at]) => `    ${at.join('|')}) REPLY=${quoted(answer)} ;;`);
  return [`${name}() {`, "  REPLY=''", '  case "$1" in', ...lines, '  esac', '}'].join('\n');
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * What the scripts of bash and zsh begin with: the tables, and `_postern_choose CURRENT WORD…`, which leaves in REPLY what may
 * come where the cursor is.
 */
export const posixChooser = (vocabulary: readonly CommandWords[]): string => `${posixTables(vocabulary)}

_postern_choose() {
  local current=$1
  shift
${WALK}
${CHOOSE}
}`;

/** Finds the command in the words before the cursor: sets `at` to its path, `before` to an option that waits for its value. */
const WALK = `  local at=postern before='' word
  for word in "$@"; do
    if [[ -n $before ]]; then
      before=''
    elif [[ $word == --*=* ]]; then
      :
    elif [[ $word == -* ]]; then
      _postern_value "$at $word"
      if [[ -n $REPLY ]]; then before=$word; fi
    else
      _postern_commands "$at"
      if [[ " $REPLY " == *" $word "* ]]; then at="$at $word"; fi
    fi
  done`;

/** What may come, in REPLY, once {@link WALK} has found the place; \`current\` is the word at the cursor. */
const CHOOSE = `  if [[ -n $before ]]; then
    _postern_value "$at $before"
  elif [[ $current == -* ]]; then
    _postern_options "$at"
  else
    _postern_commands "$at"
    if [[ -z $REPLY ]]; then _postern_operand "$at"; fi
  fi`;
