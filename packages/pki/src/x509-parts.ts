/**
 * All that needs the X.509 library, which takes a quarter of a node's start to load, and which a node that neither is a
 * CA nor reads revocation lists does without. Imported by `import()`, and always this file: jest cannot link two
 * overlapping graphs of modules at once.
 */
export { Authority } from './authority/authority.ts';
export { loadOrCreateKeys } from './authority/authority-files.ts';
export { x509 } from './x509.ts';
