import { deviceDirectory, manufactureDevice, PROFILES } from '@postern/device-emulator';
import { FACTORY_IMAGE } from './image.js';
import { COMPONENT, MODEL } from './product.js';

/**
 * Enrols a device and makes it with its factory software.
 *
 * @param {Awaited<ReturnType<typeof import('./identities.js').createIdentities>>} identities
 * @param {string} dataDir
 * @param {string} id
 * @returns its entry in the configuration of a fleet
 */
export const makeDevice = async (identities, dataDir, id) => {
  const { directory: identityDir } = await identities.enrol('device', id);
  await manufactureDevice({
    directory: deviceDirectory(dataDir, id),
    profile: PROFILES.mfp,
    software: [{ name: COMPONENT, version: '1.0', releaseCounter: 1, content: FACTORY_IMAGE }],
  });
  return { id, model: MODEL, identityDir };
};
