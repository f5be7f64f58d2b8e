/**
 * Capability masks for OpenSSL's `OPENSSL_ia32cap` (openssl-env(7), OPENSSL_ia32cap(3)); x86 only. The first word is
 * CPUID.1 EDX and ECX: bits 57 (AES-NI) and 33 (PCLMULQDQ, for GCM); the second is CPUID.7 EBX and ECX: bit 29 (SHA).
 */
const WITHOUT_AES = '~0x200000200000000';
const WITHOUT_SHA = '~0x20000000';
/** Must be said: OpenSSL 3 takes a missing second word for "none of it", which would disable SHA and AVX2 as well. */
const AS_IT_IS = '~0x0';

/** @typedef {'full' | 'no-aes' | 'no-aes-no-sha'} Processor */

/** What a process's OpenSSL believes the processor can do. @type {Readonly<Record<Processor, Record<string, string>>>} */
export const PROCESSORS = {
  full: {},
  'no-aes': { OPENSSL_ia32cap: `${WITHOUT_AES}:${AS_IT_IS}` },
  'no-aes-no-sha': { OPENSSL_ia32cap: `${WITHOUT_AES}:${WITHOUT_SHA}` },
};

/** @type {readonly Processor[]} */
export const EMULATED = process.arch === 'x64' ? ['full', 'no-aes', 'no-aes-no-sha'] : ['full'];
