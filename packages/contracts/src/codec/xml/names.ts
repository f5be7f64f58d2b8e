/** NameStartChar and NameChar (XML 1.0 §2.3 [4] [4a]). */
const START =
  ':A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}\\u{200c}\\u{200d}\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}';
const PART = `${START}\\-.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}`;

const NAME = new RegExp(`[${START}][${PART}]*`, 'uy');

const ASCII_LIMIT = 0x80;
const MAY_CONTINUE = 1;
const MAY_START = 2;

/** What each ASCII character may do in a name. */
const ASCII = Uint8Array.from({ length: ASCII_LIMIT }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[:A-Z_a-z]/.test(character)) return MAY_START;
  return /[-.0-9]/.test(character) ? MAY_CONTINUE : 0;
});

/** The end of the name that begins at `at`; `at` itself when none does (XML 1.0 §2.3 [5]). */
export const nameEnd = (source: string, at: number): number => {
  let end = at;
  let code = source.charCodeAt(at);
  if (code < ASCII_LIMIT && ASCII[code] !== MAY_START) return at;
  while (code < ASCII_LIMIT && ASCII[code] !== 0) code = source.charCodeAt(++end);
  return code >= ASCII_LIMIT ? anyNameEnd(source, at) : end;
};

const anyNameEnd = (source: string, at: number): number => {
  NAME.lastIndex = at;
  return NAME.test(source) ? NAME.lastIndex : at;
};
