import { type Closers, randomId } from '@postern/core';
import { sitePolicy } from '../config.ts';
import { Calls } from '../domain/below/calls.ts';
import { DeferredResponses } from '../domain/below/deferred-responses.ts';
import { deliveryIdOf } from '../domain/below/delivery-identity.ts';
import { DeviceWords } from '../domain/below/device-words.ts';
import { ForwardedDeliveries } from '../domain/below/forwarded-deliveries.ts';
import { PanelResults } from '../domain/below/panel-results.ts';
import { requireActive, standingOf } from '../domain/connections/standing.ts';
import type { RegisteredDevice } from '../domain/devices.ts';
import { Deliveries } from '../domain/uplink/deliveries.ts';
import { ownAbnormality } from '../domain/uplink/dropped-report.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import { intermediaryError } from '../errors.ts';
import type { IntermediaryParts } from './parts.ts';

/** Everything that comes from below unasked, on its way up and back. */
export interface Below {
  readonly deliveries: Deliveries;
  /** What devices say. */
  readonly words: DeviceWords;
  /** What intermediaries below pass on. */
  readonly forwarded: ForwardedDeliveries;
  /** Later answers on their way down. */
  readonly deferred: DeferredResponses;
  /** A device has registered. @param before what was known of it */
  readonly onRegistered: (device: RegisteredDevice, before: RegisteredDevice | undefined) => void;
  /** Goes on with what an earlier process left. */
  readonly recover: () => void;
}

/** @param onSettled nothing of this delivery waits to go up any more */
export const composeBelow = (
  { config, name, stores, outside, clock, entropy, logger, onStep }: IntermediaryParts,
  outgoing: Outgoing,
  ending: Closers,
  onSettled: (deliveryId: string) => void,
): Below => {
  const hasUplink = outside.uplink !== undefined;
  const deliveries = new Deliveries({
    store: stores.deliveries,
    name,
    most: config.notices.mostWaiting,
    clock,
    entropy,
    logger,
    onSettled,
    onAnswer: (deliveryId, answer) => calls.answered(deliveryId, answer),
    onGivenUp: (deliveryId) => calls.givenUp(deliveryId),
    onStep,
  });
  const panel = new PanelResults({
    store: stores.said,
    show: outside.showResult,
    isGone: (deviceId) => standingOf(stores, deviceId) !== 'active',
    name,
    keep: config.calls.keepResults,
    exchangeTimeout: sitePolicy(config).exchangeTimeout,
    concurrency: config.concurrency,
    clock,
    entropy,
    logger,
    onStep,
  });
  ending.add(() => panel.close());
  const onWaiting = (): void => {
    if (!hasUplink) deliveries.settleAll();
    outgoing.wake();
  };
  const calls = new Calls({
    store: stores.said,
    deliveries,
    queue: stores.deliveries,
    onWaiting,
    onLate: (said) => {
      if (said.below === undefined) panel.start(said);
      else deferred.tell(said);
    },
    name,
    clock,
    onStep,
  });
  const acknowledge = (deliveryId: string): void => outgoing.acknowledge(deliveryId);
  const deferred = new DeferredResponses({ store: stores.said, calls, acknowledge, logger });
  const sayOfOurselves = (code: string, text: string): void => {
    deliveries.add(ownAbnormality({ name, noticeId: randomId(entropy), at: clock.now() }, code, text));
    deliveries.limit();
    onWaiting();
  };
  const words = new DeviceWords({
    calls,
    requireActive: (deviceId) => {
      requireActive(stores, deviceId);
      if (stores.devices.get(deviceId) !== undefined) return;
      throw intermediaryError('device-unknown', `${deviceId} has not registered here`);
    },
    limit: config.notices,
    answerWithin: config.calls.answerWithin,
    hasUplink,
    onFlood: (deviceId, refused) => {
      logger.warn('A device sent too much', { device: deviceId, refused });
      sayOfOurselves('notices-refused', `${refused} calls and notices of ${deviceId} were refused: too many`);
    },
    clock,
  });
  ending.add(() => words.close());
  return {
    deliveries,
    words,
    forwarded: new ForwardedDeliveries({ calls, name, answerWithin: config.calls.answerWithin }),
    deferred,
    onRegistered: ({ information, revision }, before) => {
      panel.deviceSeen(information.deviceId);
      if (before !== undefined || !hasUplink) return;
      const { deviceId } = information;
      const ownId = `registered-${revision}`;
      const body = { kind: 'Register' as const, value: { device: information } };
      const deliveryId = deliveryIdOf(deviceId, 'Register', ownId);
      calls.note({ delivery: { deliveryId, deviceId, at: clock.now(), body }, ownId });
    },
    recover: () => {
      calls.recover();
      panel.recover();
    },
  };
};
