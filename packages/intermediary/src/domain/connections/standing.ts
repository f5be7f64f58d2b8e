import { intermediaryError } from '../../errors.ts';
import type { DeviceStore } from '../devices.ts';
import type { CandidateStore } from './ports.ts';

/** What a device is to the site. */
export type Standing = 'active' | 'released' | 'found' | 'unknown';

/** Where standings are kept. */
export interface StandingSource {
  readonly devices: Pick<DeviceStore, 'get'>;
  readonly candidates: Pick<CandidateStore, 'get'>;
}

/** A device that is registered is active unless it was released; one that is not may be a candidate. */
export const standingOf = ({ devices, candidates }: StandingSource, deviceId: string): Standing => {
  const registered = devices.get(deviceId);
  if (registered !== undefined) return registered.released ? 'released' : 'active';
  return candidates.get(deviceId) === undefined ? 'unknown' : 'found';
};

/**
 * Refuses what is asked of a device, or by it, that the site has not adopted. One that is not known at all passes: what
 * that means is for whoever asks.
 *
 * @throws PosternError `device-not-active`
 * @spec I1 I3
 */
export const requireActive = (source: StandingSource, deviceId: string): void => {
  const standing = standingOf(source, deviceId);
  if (standing !== 'found' && standing !== 'released') return;
  const what = standing === 'found' ? 'was found, and nobody has adopted it' : 'was released';
  throw intermediaryError('device-not-active', `${deviceId} ${what}`);
};
