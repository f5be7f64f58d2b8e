import type { Instant } from '@postern/core';
import { updateError } from '@postern/software-update';
import { serverError } from '../errors.ts';
import type { DeviceRecord, SoftwareRecord, UpdateRecord } from './records.ts';

/** What is known when an update is ordered. */
export interface OrderFacts {
  readonly deviceId: string;
  readonly softwareId: string;
  readonly device: DeviceRecord | undefined;
  readonly software: SoftwareRecord | undefined;
  readonly openUpdate: UpdateRecord | undefined;
  readonly now: Instant;
}

/**
 * Whether the software can be ordered for the device. The site and the device decide again for themselves; this
 * saves the operator from waiting for an answer that is known now.
 *
 * @throws PosternError `device-unknown`, `software-unknown`, `wrong-model`, `manifest-expired`, `update-already-open`
 */
export const checkOrder = (facts: OrderFacts): { device: DeviceRecord; software: SoftwareRecord } => {
  const { device, software, openUpdate } = facts;
  if (device === undefined || !device.present) {
    throw serverError('device-unknown', `No intermediary reports a device ${facts.deviceId}`);
  }
  if (software === undefined) {
    throw serverError('software-unknown', `No software ${facts.softwareId} is registered`);
  }
  const { manifest } = software;
  if (manifest.model !== device.information.model) {
    throw updateError(
      'wrong-model',
      `${manifest.software} is for ${manifest.model}; ${facts.deviceId} is a ${device.information.model}`,
    );
  }
  if (manifest.expires <= facts.now) {
    throw updateError('manifest-expired', `The manifest of ${manifest.software} has expired`);
  }
  if (openUpdate !== undefined) {
    throw serverError('update-already-open', `Update ${openUpdate.id} of ${facts.deviceId} is still open`);
  }
  return { device, software };
};
