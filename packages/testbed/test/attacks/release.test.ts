import { describe } from '@jest/globals';
import { itHoldsTheTableOf } from './attack-table.ts';

/** @spec P2 X1 */
describe('a compromised intermediary', () => itHoldsTheTableOf('release'));
