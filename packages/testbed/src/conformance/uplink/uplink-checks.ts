import type { Check } from '../check.ts';
import { wsdlCheck } from '../soap/wsdl-check.ts';
import { deliveryChecks } from './delivery-checks.ts';
import { deviceListChecks } from './device-list-checks.ts';
import { imageChecks } from './image-checks.ts';
import { pollChecks } from './poll-checks.ts';
import type { UplinkTarget } from './uplink-target.ts';

/** What a node that serves the uplink contract, a server or an intermediary, has to do for those below it. */
export const uplinkChecks: readonly Check<UplinkTarget>[] = [
  ...pollChecks,
  ...deviceListChecks,
  ...deliveryChecks,
  ...imageChecks,
  wsdlCheck('uplink.wsdl', ({ site }) => site.address),
];
