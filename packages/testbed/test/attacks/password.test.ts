import { describe } from '@jest/globals';
import { itHoldsTheTableOf } from './attack-table.ts';

/** @spec P2 U8 X1 X3 */
describe('attacks on the password', () => itHoldsTheTableOf('password'));
