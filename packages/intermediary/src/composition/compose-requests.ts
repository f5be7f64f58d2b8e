import type { uplink } from '@postern/contracts';
import type { Closers } from '@postern/core';
import { sitePolicy } from '../config.ts';
import { DeviceRequests } from '../domain/requests/device-requests.ts';
import { Slots } from '../domain/slots.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import type { OwnSettings } from './compose-settings.ts';
import type { IntermediaryParts } from './parts.ts';

/** What passes requests on to devices. */
export const composeRequests = (
  { config, name, stores, outside, onStep, clock, entropy, logger }: IntermediaryParts,
  own: OwnSettings,
  outgoing: Outgoing,
  ending: Closers,
  onAnswer: (requestId: string, body: uplink.ResponseBody) => void,
): DeviceRequests => {
  const { exchangeTimeout } = sitePolicy(config);
  const deviceRequests = new DeviceRequests({
    call: outside.callDevice,
    devices: stores.devices,
    store: stores.requests,
    slots: new Slots(config.requests.concurrency),
    limits: () => ({ ...config.requests, tries: own.settings.get('requests.tries'), exchangeTimeout }),
    delayNoticeAfter: own.delayNoticeAfter,
    onAnswer,
    onDelayed: (requestId) => outgoing.notices.open(requestId),
    name,
    onStep,
    clock,
    entropy,
    logger,
  });
  ending.add(() => deviceRequests.close());
  return deviceRequests;
};
