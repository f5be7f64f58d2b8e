import { isDeepStrictEqual } from 'node:util';
import type { intermediary } from '@postern/contracts';
import { randomId } from '@postern/core';
import { failed } from '../verdicts.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';

/** An identifier that nobody has used. */
export const newId = ({ options }: IntermediaryTarget, what: string): string =>
  `${what}-${randomId(options.entropy).slice(0, 20)}`;

export const userCall = (target: IntermediaryTarget): intermediary.UserCall => ({
  callId: newId(target, 'call'),
  at: target.options.clock.now(),
  reason: 'conformance check',
});

export const supply = (target: IntermediaryTarget): intermediary.NotifySupply => ({
  noticeId: newId(target, 'supply'),
  at: target.options.clock.now(),
  supply: 'toner-black',
  remainingPercent: 12,
});

export const abnormality = (target: IntermediaryTarget): intermediary.NotifyAbnormality => ({
  noticeId: newId(target, 'abnormality'),
  at: target.options.clock.now(),
  code: 'fuser-temperature',
  text: 'conformance check',
});

/** That what came is what was said. */
export const requireSame = (wanted: unknown, came: unknown, what: string): void => {
  if (isDeepStrictEqual(wanted, came)) return;
  throw failed(
    `${what}: ${JSON.stringify(came)}, not ${JSON.stringify(wanted)}`,
    'Pass on what was said as it is; a route begins with the intermediary that took it from the device.',
  );
};
