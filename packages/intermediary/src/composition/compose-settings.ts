import { LogRing, Seconds, toSeconds } from '@postern/core';
import type { UpdaterPolicy } from '@postern/software-update';
import { sitePolicy } from '../config.ts';
import { SiteSettings } from '../domain/settings/site-settings.ts';
import { Tally } from '../domain/settings/tally.ts';
import type { IntermediaryParts } from './parts.ts';

/** What the intermediary knows of itself, and can be told about itself. */
export const composeSettings = ({ config, stores, log = new LogRing(1), clock }: IntermediaryParts) => {
  const policy = sitePolicy(config);
  const settings = new SiteSettings(stores.settings, {
    'polling.hold': toSeconds(config.uplink?.hold ?? Seconds(50)),
    'polling.interval': 0,
    'requests.tries': config.requests.tries,
    'requests.delay-notice-after': toSeconds(config.requests.delayNoticeAfter),
    'updates.transfer-tries': policy.transferTries,
    'updates.restart-timeout': toSeconds(policy.restartTimeout),
  });
  const isSet = (name: string): boolean => stores.settings.get(name) !== undefined;
  /** What is configured may be fractions of seconds: only what was set is read back from the settings. */
  const seconds = (name: Parameters<typeof settings.get>[0], configured: ReturnType<typeof Seconds>) =>
    isSet(name) ? Seconds(settings.get(name)) : configured;
  return {
    settings,
    log,
    tally: new Tally(),
    startedAt: clock.now(),
    polling: () => ({
      hold: seconds('polling.hold', config.uplink?.hold ?? Seconds(50)),
      interval: Seconds(settings.get('polling.interval')),
    }),
    /** How updates that are ordered now run. */
    policy: (): UpdaterPolicy => ({
      ...policy,
      transferTries: settings.get('updates.transfer-tries'),
      restartTimeout: seconds('updates.restart-timeout', policy.restartTimeout),
    }),
    delayNoticeAfter: () => seconds('requests.delay-notice-after', config.requests.delayNoticeAfter),
  };
};

export type OwnSettings = ReturnType<typeof composeSettings>;
