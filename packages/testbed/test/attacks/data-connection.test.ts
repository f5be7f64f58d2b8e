import { describe } from '@jest/globals';
import { itHoldsTheTableOf } from './attack-table.ts';

/** @spec P2 B1 */
describe('attacks on data connections', () => itHoldsTheTableOf('data-connection'));
