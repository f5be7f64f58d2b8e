import { describe } from '@jest/globals';
import { testRunKind } from '../harness/run-kind-tests.ts';

describe('a topology that runs namespaces', () => testRunKind('namespaces'));
