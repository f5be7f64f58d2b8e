import { randomBytes } from 'node:crypto';
import type { Entropy } from '../entropy.ts';

/** The operating system's cryptographic generator. */
export const systemEntropy: Entropy = { bytes: (length) => randomBytes(length) };
