import type { Clock } from '@postern/core';
import type { SoapTarget } from '../soap/soap-target.ts';
import type { PlayedIntermediary } from './played-intermediary.ts';

/** Somebody's node that serves the uplink contract, seen from below. */
export interface UplinkTarget extends SoapTarget {
  readonly clock: Clock;
  /** Whom we play. */
  readonly site: PlayedIntermediary;
  /** @throws PosternError `not-checked` when there is no second identity */
  other(): PlayedIntermediary;
}
