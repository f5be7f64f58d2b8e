/**
 * Characters that no XML 1.0 document can carry (§2.2 [2]). In Unicode mode only lone surrogates match the surrogate
 * range.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/u;

export const hasForbiddenCharacter = (text: string): boolean => FORBIDDEN.test(text);

/** Whether there is nothing but white space (§2.3 [3]). */
export const isBlank = (text: string): boolean => !/[^ \t\r\n]/.test(text);

/** The end of the white space that may stand at `at`. Carriage returns were normalised away. */
export const spaceEnd = (source: string, at: number): number => {
  let end = at;
  for (;;) {
    const code = source.charCodeAt(end);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09) return end;
    end++;
  }
};
