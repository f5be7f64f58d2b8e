import { describe } from '@jest/globals';
import { itHoldsTheTableOf } from './attack-table.ts';

/** @spec P2 X2 U6 */
describe('attacks on what a device is believed to run', () => itHoldsTheTableOf('version-report'));
