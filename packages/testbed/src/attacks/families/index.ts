import type { AttackFamily } from '../attack.ts';
import { passwordFamily } from './password.ts';

/** Every attack there is. */
export const FAMILIES: readonly AttackFamily[] = [passwordFamily];
