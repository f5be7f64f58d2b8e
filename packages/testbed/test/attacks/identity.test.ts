import { describe } from '@jest/globals';
import { itHoldsTheTableOf } from './attack-table.ts';

/** @spec A1 R1 */
describe('attacks with stolen identities and recorded messages', () => itHoldsTheTableOf('identity'));
