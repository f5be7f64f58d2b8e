import type { Check } from '../check.ts';
import { documentChecks } from '../soap/document-checks.ts';
import { transportChecks } from '../soap/transport-checks.ts';
import type { DeviceTarget } from './device-target.ts';
import { operationChecks } from './operation-checks.ts';
import { passwordChecks } from './password-checks.ts';

/** Only its own intermediary gets that far with a device, so that updates work without, if less safely. */
const recommended = <T>(check: Check<T>): Check<T> => ({ ...check, level: 'recommended' });

/**
 * What a device has to do for its intermediary. Not among them, because it would leave traces: ShowResult,
 * ConcludeUpdate (the device calls back), an update.
 */
export const deviceChecks: readonly Check<DeviceTarget>[] = [
  ...transportChecks(),
  ...operationChecks,
  ...passwordChecks,
  ...documentChecks().map(recommended),
];
