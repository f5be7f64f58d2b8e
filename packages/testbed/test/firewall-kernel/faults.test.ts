import { testFaults } from '../harness/fault-tests.ts';

testFaults('namespaces');
