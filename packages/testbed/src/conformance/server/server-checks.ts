import type { Check } from '../check.ts';
import { documentChecks } from '../soap/document-checks.ts';
import { transportChecks } from '../soap/transport-checks.ts';
import { uplinkChecks } from '../uplink/uplink-checks.ts';
import { operatorAccessChecks, roleChecks } from './access-checks.ts';
import { answerChecks } from './answer-checks.ts';
import { fleetChecks } from './fleet-checks.ts';
import { noticeChecks } from './notice-checks.ts';
import { orderChecks } from './order-checks.ts';
import type { ServerTarget } from './server-target.ts';
import { updateChecks } from './update-checks.ts';

/** What a management server has to do for its intermediaries and, where it serves operator.wsdl, for its operators. */
export const serverChecks: readonly Check<ServerTarget>[] = [
  ...transportChecks(),
  ...roleChecks,
  ...uplinkChecks,
  ...documentChecks(),
  ...operatorAccessChecks,
  ...fleetChecks,
  ...orderChecks,
  ...answerChecks,
  ...noticeChecks,
  ...updateChecks,
];
