/** What to blank out besides comments. */
export interface CodeTextOptions {
  /** Keep the contents of string and template literals. */
  readonly keepStrings: boolean;
}

/** A slash after one of these begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};>+*%~^-]|\b(?:return|typeof|case|in|of|yield|await))\s*$/;

/**
 * TypeScript source with its comments blanked out; positions and lines stay. A scanner, not a parser: enough for
 * checks of our own, formatted sources.
 */
export const codeText = (source: string, { keepStrings }: CodeTextOptions): string => {
  let code = '';
  let at = 0;
  const take = (end: number, keep: boolean): void => {
    const part = source.slice(at, end);
    code += keep ? part : part.replace(/[^\n]/g, ' ');
    at = end;
  };
  while (at < source.length) {
    const char = source.charAt(at);
    const pair = source.slice(at, at + 2);
    if (pair === '//') take(endBefore(source, '\n', at), false);
    else if (pair === '/*') take(endAfter(source, '*/', at + 2), false);
    else if (char === "'" || char === '"' || char === '`') {
      const end = literalEnd(source, at, char);
      take(at + 1, true);
      take(Math.max(at, end - 1), keepStrings);
      take(end, true);
    } else if (char === '/' && BEFORE_REGEX.test(code.slice(-40))) take(regexEnd(source, at), keepStrings);
    else take(at + 1, true);
  }
  return code;
};

/** The line, counted from 1, of a position. */
export const lineOf = (text: string, position: number): number => text.slice(0, position).split('\n').length;

const endBefore = (source: string, mark: string, from: number): number => {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
};

const endAfter = (source: string, mark: string, from: number): number =>
  Math.min(endBefore(source, mark, from) + mark.length, source.length);

const literalEnd = (source: string, start: number, quote: string): number => {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.charAt(at) === quote) return at + 1;
  }
  return source.length;
};

const regexEnd = (source: string, start: number): number => {
  let inClass = false;
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return source.length;
};
