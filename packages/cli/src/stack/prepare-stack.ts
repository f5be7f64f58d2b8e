import { copyFile, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Entropy, errorCode } from '@postern/core';
import { deviceDirectory, isManufactured, manufactureDevice, profileNamed } from '@postern/device-emulator';
import { openOperatorToken } from '@postern/management-server';
import { ensureNodeIdentity, openAuthority } from '@postern/pki';
import { makePrivateDirectory, writeFileAtomic } from '@postern/storage/files';
import { writeVendorKey } from '../software-files.ts';
import { SERVER_HOST_NAMES, STACK_DEVICES, STACK_NODES, STACK_SERVER } from './stack-plan.ts';

export interface StackSurroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
}

const FACTORY = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware\n') };

/**
 * Makes what is missing in the volumes of the stack: each node gets its identity, its configuration and the vendor's
 * public key; `authority` keeps the CA, `operator` the vendor's private key and the operator token. What is there is kept.
 *
 * @param nodes directory with one directory for each volume, by its name
 */
export const prepareStack = async (nodes: string, surroundings: StackSurroundings): Promise<void> => {
  const at = (...path: readonly string[]): string => join(nodes, ...path);
  const { clock, entropy } = surroundings;
  const authority = await openAuthority({ directory: at('authority', 'ca'), clock, entropy });
  await ensureVendorKey(at('operator', 'vendor'));
  for (const { identity, config } of STACK_NODES) {
    const { name } = identity;
    const hostNames = identity === STACK_SERVER ? SERVER_HOST_NAMES : {};
    await ensureNodeIdentity({ directory: at(name, 'identity'), identity, clock, authority, ...hostNames });
    await copyFile(at('operator', 'vendor.pub'), at(name, 'vendor.pub'));
    await makePrivateDirectory(at(name, 'state'));
    if (await isThere(at(name, 'config.json'))) continue;
    await writeFileAtomic(at(name, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  }
  for (const { id, profile } of STACK_DEVICES) await ensureDevice(at(id, 'state'), id, profile);
  await handOutToken(at(STACK_SERVER.name), at('operator'), entropy);
};

/** The public half is written last: while it is missing nothing has been signed. */
const ensureVendorKey = async (base: string): Promise<void> => {
  if (await isThere(`${base}.pub`)) return;
  await rm(`${base}.key`, { force: true });
  await writeVendorKey(base);
};

const ensureDevice = async (dataDir: string, id: string, profileName: string): Promise<void> => {
  const directory = deviceDirectory(dataDir, id);
  if (await isManufactured(directory)) return;
  const profile = profileNamed(profileName);
  const software = profile.components.map((name) => ({ name, ...FACTORY }));
  await manufactureDevice({ directory, profile, software });
};

/** The server's token and certificate authority, for those who order. */
const handOutToken = async (server: string, operator: string, entropy: Entropy): Promise<void> => {
  const token = join(server, 'state', 'operator.token');
  await openOperatorToken(token, entropy);
  await writeFileAtomic(join(operator, 'operator.token'), await readFile(token));
  await copyFile(join(server, 'identity', 'ca.pem'), join(operator, 'ca.pem'));
};

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error, '') === 'ENOENT') return false;
    throw error;
  }
};
