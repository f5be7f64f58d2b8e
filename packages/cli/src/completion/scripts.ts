import { posixChooser } from './posix-tables.ts';
import type { CommandWords, Value } from './vocabulary.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * A script that completes the command line. Everything is in it: a shell that completes starts no process. It is made
 * anew for each version.
 */
export const completionScript = (shell: Shell, vocabulary: readonly CommandWords[]): string => {
  switch (shell) {
    case 'bash':
      return bash(vocabulary);
    case 'zsh':
      return zsh(vocabulary);
    case 'fish':
      return fish(vocabulary);
  }
};

const bash = (vocabulary: readonly CommandWords[]): string => `# bash completion of postern
${posixChooser(vocabulary)}

_postern() {
  local current=\${COMP_WORDS[COMP_CWORD]} REPLY=''
  COMPREPLY=()
  _postern_choose "$current" "\${COMP_WORDS[@]:1:COMP_CWORD-1}"
  local IFS=$'\\n'
  case "$REPLY" in
    @file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
    @directory) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
    @*) ;;
    *) COMPREPLY=($(compgen -W "\${REPLY// /$'\\n'}" -- "$current")) ;;
  esac
}
complete -F _postern postern
`;

const zsh = (vocabulary: readonly CommandWords[]): string => `#compdef postern
# zsh completion of postern
${posixChooser(vocabulary)}

_postern() {
  local REPLY=''
  _postern_choose "\${words[CURRENT]}" "\${(@)words[2,CURRENT-1]}"
  case "$REPLY" in
    @file) _files ;;
    @directory) _files -/ ;;
    @*) ;;
    *) compadd -- \${=REPLY} ;;
  esac
}
if [[ \${funcstack[1]} == _postern ]]; then _postern "$@"; else compdef _postern postern; fi
`;

const fish = (vocabulary: readonly CommandWords[]): string => {
  const valued = vocabulary.flatMap(({ path, options }) =>
    options.flatMap(({ flag, value }) => (value === undefined ? [] : [quoted(`${path} ${flag}`)])),
  );
  return `# fish completion of postern
set -g __postern_paths ${vocabulary.map(({ path }) => quoted(path)).join(' ')}
set -g __postern_valued ${valued.join(' ')}

function __postern_at
    set -l at postern
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- "$at $word" $__postern_valued
            set skip 1
        else if contains -- "$at $word" $__postern_paths
            set at "$at $word"
        end
    end
    test "$at" = "$argv"
end

complete -c postern -f
${vocabulary.flatMap(fishLines).join('\n')}
`;
};

const fishLines = ({ path, commands, options, operand }: CommandWords): readonly string[] => {
  const here = `complete -c postern -n ${quoted(`__postern_at ${path}`)}`;
  return [
    ...commands.map(({ name, description }) => `${here} -a ${quoted(name)} -d ${quoted(description)}`),
    ...options.map(({ flag, description, value }) => {
      const name = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
      return `${here} ${name}${value === undefined ? '' : ` -r${fishValue(value)}`} -d ${quoted(description)}`;
    }),
    ...(operand === undefined || operand === 'other' ? [] : [`${here}${fishValue(operand)}`]),
  ];
};

const fishValue = (value: Value): string => {
  if (typeof value !== 'string') return ` -f -a ${quoted(value.words.join(' '))}`;
  if (value === 'other') return ' -f';
  return value === 'file' ? ' -F' : " -f -a '(__fish_complete_directories)'";
};

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
