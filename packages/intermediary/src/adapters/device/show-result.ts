import { isRemoteFault } from '@postern/soap-rpc';
import type { ShowResult } from '../../domain/below/panel-results.ts';
import { intermediaryError } from '../../errors.ts';
import type { DeviceClient } from './device-client.ts';

/**
 * Results on the panel of a device, over the secure path.
 *
 * @spec R4
 */
export const showResult =
  (client: Pick<DeviceClient, 'call'>): ShowResult =>
  async (deviceId, result, signal) => {
    try {
      await client.call(deviceId, 'ShowResult', result, signal);
    } catch (error) {
      if (!isRemoteFault(error) || error.kind !== 'client') throw error;
      const reason = `${deviceId} does not show the result: ${error.message} (${error.code})`;
      throw intermediaryError('result-refused', reason, error);
    }
  };
