import type { Logger } from '@postern/core';
import { type PasswordList, readPasswordList } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { LinkConfig } from '../schemes/device-links.ts';
import type { PasswordListStore } from './ports.ts';

export interface AdoptListsOptions {
  readonly store: PasswordListStore;
  /** This intermediary's name. */
  readonly name: string;
  /** The bytes of a file; undefined when there is none. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  readonly logger: Logger;
}

/**
 * Takes the configured password lists over into the store. A list that is there already may have left its file.
 *
 * @throws PosternError `config-invalid`, `password-list-malformed`
 * @spec P1
 */
export const adoptLists = async ({ devices }: LinkConfig, options: AdoptListsOptions): Promise<void> => {
  const { store, readFile, logger } = options;
  for (const [deviceId, { passwordListFile }] of Object.entries(devices)) {
    if (passwordListFile === undefined) continue;
    const bytes = await readFile(passwordListFile);
    if (bytes === undefined) {
      if (store.use(deviceId) !== undefined) continue;
      throw wrong(deviceId, `${passwordListFile} does not exist`);
    }
    const list = readPasswordList(bytes);
    checkParties(list, deviceId, options.name);
    if (store.adopt(list)) {
      logger.info('A password list was taken over', {
        device: deviceId,
        list: list.list,
        ...store.use(deviceId),
      });
    }
  }
};

const checkParties = (list: PasswordList, deviceId: string, name: string): void => {
  if (list.deviceId !== deviceId) throw wrong(deviceId, `the list is for ${list.deviceId}`);
  if (list.userName !== name) throw wrong(deviceId, `the list is for the intermediary ${list.userName}`);
};

const wrong = (deviceId: string, what: string) =>
  intermediaryError('config-invalid', `devices.${deviceId}.passwordListFile: ${what}`);
