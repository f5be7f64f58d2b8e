import { describe } from '@jest/globals';
import { itHoldsTheTableOf } from './attack-table.ts';

/** @spec P2 X1 X5 */
describe('attacks on the image under way', () => itHoldsTheTableOf('transfer'));
