import type { AttackFamily } from '../attack.ts';
import { dataConnectionFamily } from './data-connection.ts';
import { identityFamily } from './identity.ts';
import { passwordFamily } from './password.ts';
import { releaseFamily } from './release.ts';
import { transferFamily } from './transfer.ts';
import { versionReportFamily } from './version-report.ts';

/** Every attack there is. */
export const FAMILIES: readonly AttackFamily[] = [
  passwordFamily,
  transferFamily,
  dataConnectionFamily,
  versionReportFamily,
  releaseFamily,
  identityFamily,
];
