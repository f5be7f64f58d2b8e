/** Which scheme is attacked. */
export type Scheme = 'a' | 'b' | 'c';

export const SCHEMES: readonly Scheme[] = ['a', 'b', 'c'];

/** What they are. */
export const SCHEME_TITLES: Readonly<Record<Scheme, string>> = {
  a: 'the conventional scheme (Fig 26): a fixed ID and password, FTP, nothing else',
  b: "the patent's plain scheme: one-time passwords over TLS, and a device that knows no manifest, no report key and no lifetime (X1, X2, X3 off)",
  c: "Postern's default",
};
