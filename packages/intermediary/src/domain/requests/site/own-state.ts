import type { SiteService } from './site-service.ts';

/** It lives, or it would not answer. Left to its device function where it has one (U21). @spec I2 */
export const confirmAlive: SiteService<'ConfirmAlive'> = ({ devices, name, startedAt }) => {
  if (devices.get(name) !== undefined) return undefined;
  return { answer: { kind: 'ConfirmAliveResponse', value: { startedAt, state: 'ready' } }, effect: () => {} };
};

/** @spec I1 */
export const getDeviceInformation: SiteService<'GetDeviceInformation'> = ({ devices, name }) => {
  if (devices.get(name) !== undefined) return undefined;
  const device = {
    deviceId: name,
    model: 'Postern Intermediary',
    components: { item: [] },
    bulkPathKind: 'ftp',
  } as const;
  return { answer: { kind: 'GetDeviceInformationResponse', value: { device } }, effect: () => {} };
};
