import type { Check } from '../check.ts';
import { documentChecks } from '../soap/document-checks.ts';
import { transportChecks } from '../soap/transport-checks.ts';
import type { ServerTarget } from './server-target.ts';

/** What a management server has to do for its intermediaries. */
export const serverChecks: readonly Check<ServerTarget>[] = [...transportChecks(), ...documentChecks()];
