import { deviceDirectory, manufactureDevice, profileNamed } from '@postern/device-emulator';
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
    profile: profileNamed('mfp'),
    software: [{ name: COMPONENT, version: '1.0', releaseCounter: 1, content: FACTORY_IMAGE }],
  });
  // No update waits for a warm engine: its time is not what is measured.
  return { id, model: MODEL, identityDir, engineStartUp: 0 };
};
