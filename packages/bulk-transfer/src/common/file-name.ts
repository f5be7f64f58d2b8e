/**
 * Whether a name may be asked for at all. Names are flat: nothing that could be a path, and nothing a terminal
 * or a log could misread, reaches the service behind.
 */
export const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && !name.includes('..') && !/[/\\\p{Cc}\p{Zl}\p{Zp}]/u.test(name);
