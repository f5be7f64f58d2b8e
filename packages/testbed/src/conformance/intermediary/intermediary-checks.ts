import type { Check } from '../check.ts';
import { documentChecks } from '../soap/document-checks.ts';
import { transportChecks } from '../soap/transport-checks.ts';
import { callChecks } from './call-checks.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { noticeChecks } from './notice-checks.ts';
import { requestChecks } from './request-checks.ts';
import { updateChecks } from './update-checks.ts';
import { updateFaultChecks } from './update-fault-checks.ts';
import { uplinkChecks } from './uplink-checks.ts';

/** What an intermediary has to do for the server above it and for the devices below. */
export const intermediaryChecks: readonly Check<IntermediaryTarget>[] = [
  ...uplinkChecks,
  ...requestChecks,
  ...callChecks,
  ...noticeChecks,
  ...updateChecks,
  ...updateFaultChecks,
  ...transportChecks(),
  ...documentChecks(),
];
