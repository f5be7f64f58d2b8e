import type { device } from '@postern/contracts';
import { type BulkEndpoint, type BulkPathKind, updateError } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import { endpointOf, type RegisteredDevice } from '../devices.ts';

/** What a device says of its bulk path when it takes or makes a password. */
export type BulkPathNotice = Pick<device.CredentialStored, 'bulkPath' | 'bulkPathKind' | 'bulkHostKey'>;

/**
 * Where the bulk path of an update leads, and whose key must be there: as the device said on the secure path, else as
 * it registered.
 *
 * @param expected the kind that the update was ordered with
 * @throws PosternError `bulk-path-not-allowed`, `device-unreachable`
 */
export const bulkEndpoint = (
  { bulkPath, bulkPathKind, bulkHostKey }: BulkPathNotice,
  device: RegisteredDevice,
  expected: BulkPathKind,
): BulkEndpoint => {
  const { deviceId, bulkPath: registered } = device.information;
  if (bulkPathKind !== undefined && bulkPathKind !== expected) {
    throw updateError(
      'bulk-path-not-allowed',
      `${deviceId} offers ${bulkPathKind} where ${expected} was agreed`,
    );
  }
  const place = endpointOf(bulkPath ?? registered, device);
  if (place === undefined) {
    throw intermediaryError('device-unreachable', `${deviceId} told no place of its bulk path`);
  }
  return {
    host: place.host,
    port: place.port,
    ...(expected === 'ftp' ? {} : { kind: expected }),
    ...(bulkHostKey === undefined ? {} : { hostKey: bulkHostKey }),
  };
};
