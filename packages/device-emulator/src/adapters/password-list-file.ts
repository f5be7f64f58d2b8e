import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@postern/core';
import { onFlash, readCheckedFile, writeCheckedFile } from '@postern/image-slots';
import {
  type ListedEntry,
  listedEntries,
  type PasswordListEntries,
  passwordListEntries,
  readPasswordList,
  updateError,
} from '@postern/software-update';
import { deviceError } from '../errors.ts';

/** What the device keeps of the list it was given: no password in the clear. */
interface OwnList {
  readonly list: string;
  readonly userName: string;
  readonly entries: readonly ListedEntry[];
}

/** The device's own copy. */
export const ownListPath = (directory: string): string => join(directory, 'password-list.json');

/**
 * Gives a device a list that was carried to it, in place of the one it has. The same one again changes nothing; which
 * entries are used up is remembered elsewhere, by the list's name.
 *
 * @param file as `postern passwords generate` writes it; may be deleted afterwards
 * @throws PosternError `password-list-foreign` when it is another device's, `password-list-malformed`, `storage-failed`
 * @spec P1
 */
export const givePasswordList = async (directory: string, deviceId: string, file: string): Promise<void> => {
  const carried = readPasswordList(await onFlash('read a password list', () => readFile(file)));
  if (carried.deviceId !== deviceId) {
    throw deviceError('password-list-foreign', `The password list in ${file} is for ${carried.deviceId}`);
  }
  const { list, userName } = carried;
  const own: OwnList = { list, userName, entries: listedEntries(carried) };
  await writeCheckedFile(ownListPath(directory), own);
};

/**
 * The list that a device has; `undefined` when it never was given one.
 *
 * @throws PosternError `password-list-damaged`, `storage-failed`
 */
export const openPasswordList = async (directory: string): Promise<PasswordListEntries | undefined> => {
  const path = ownListPath(directory);
  const found = await readCheckedFile<OwnList>(path);
  if (found === 'missing') return undefined;
  if (found === 'damaged') throw deviceError('password-list-damaged', `${path} is damaged`);
  return passwordListEntries(found.content, found.content.entries);
};

/**
 * Takes over the list that was carried to the device, if it still lies there, and opens what the device has then.
 *
 * @throws PosternError `password-list-missing` when a list is configured and there is none anywhere
 */
export const takePasswordList = async (
  directory: string,
  deviceId: string,
  carriedFile: string | undefined,
): Promise<PasswordListEntries | undefined> => {
  if (carriedFile === undefined) return openPasswordList(directory);
  try {
    await givePasswordList(directory, deviceId, carriedFile);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const list = await openPasswordList(directory);
  if (list === undefined)
    throw updateError('password-list-missing', `There is no password list in ${carriedFile}`);
  return list;
};

const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'cause' in error && errorCode(error.cause, '') === 'ENOENT';
