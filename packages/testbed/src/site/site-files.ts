import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, type NodeIdentity, systemClock, systemEntropy } from '@postern/core';
import {
  deviceDirectory,
  type FactoryComponent,
  isManufactured,
  manufactureDevice,
  profileNamed,
} from '@postern/device-emulator';
import {
  type Authority,
  certificateSerials,
  ensureNodeIdentity,
  openAuthority,
  publishRevocationList,
} from '@postern/pki';
import { encodePasswordList, generateVendorKey, makePasswordList } from '@postern/software-update';

/** What clients of other vendors look for in a certificate of a node on this machine. */
const LOOPBACK_NAMES = { dnsNames: ['localhost'], addresses: ['127.0.0.1'] };

/** Where everything of a site lies in its directory. What exists is kept: a second start finds the state of the first. */
export interface SiteFiles {
  readonly directory: string;
  /** Configuration and log of each process, as NAME.json and NAME.log. */
  readonly processDirectory: string;
  readonly caFile: string;
  /** Of the first vendor key. */
  readonly vendorPublicKeyFile: string;
  readonly vendorPrivateKeyFile: string;
  /** Of all vendor keys. */
  readonly vendorPublicKeyFiles: readonly string[];
  readonly vendorPrivateKeyFiles: readonly string[];
  readonly serverDataDir: string;
  readonly intermediaryDataDir: string;
  readonly deviceDataDir: string;
  readonly identityDir: (identity: NodeIdentity) => string;
  /** The password list of a device, as people carry it to both sides. */
  readonly passwordListFile: (deviceId: string) => string;
  /** What all tiers take as the CA's revocation list; absent: none. */
  readonly revocationListFile?: string;
}

/** A device of the site and the software it leaves the factory with. */
export interface SiteDevice {
  readonly id: string;
  readonly profile?: string | undefined;
  readonly firmware: {
    readonly version: string;
    readonly releaseCounter: number;
    readonly content: Uint8Array;
  };
  /** The other components of its profile; as the firmware is unless given. */
  readonly apps?: readonly FactoryComponent[];
  /** Gives device and intermediary a password list with so many entries; its updates go by it then. */
  readonly passwords?: number;
}

/**
 * @param vendorKeys how many keys the vendor has
 * @param revocations whether there is a revocation list
 */
export const siteFiles = (directory: string, vendorKeys = 1, revocations = false): SiteFiles => {
  const vendorFiles = (extension: string): readonly string[] =>
    Array.from({ length: vendorKeys }, (_, at) =>
      join(directory, 'vendor', `vendor${at === 0 ? '' : `-${at + 1}`}.${extension}`),
    );
  return {
    directory,
    processDirectory: directory,
    caFile: join(directory, 'identities', 'server', 'ca.pem'),
    vendorPublicKeyFile: join(directory, 'vendor', 'vendor.pub'),
    vendorPrivateKeyFile: join(directory, 'vendor', 'vendor.key'),
    vendorPublicKeyFiles: vendorFiles('pub'),
    vendorPrivateKeyFiles: vendorFiles('key'),
    serverDataDir: join(directory, 'server'),
    intermediaryDataDir: join(directory, 'intermediary'),
    deviceDataDir: join(directory, 'devices'),
    identityDir: ({ name }) => join(directory, 'identities', name),
    passwordListFile: (deviceId) => join(directory, 'password-lists', `${deviceId}.json`),
    ...(revocations ? { revocationListFile: join(directory, 'revoked.pem') } : {}),
  };
};

/**
 * Makes what is missing of what all nodes share: CA, revocation list, a vendor's keys; and of their identities. The CA's
 * certificates are checked against the machine's clock, so this always runs on it.
 */
export const prepareIdentities = async (files: SiteFiles, nodes: readonly NodeIdentity[]): Promise<void> => {
  await mkdir(files.directory, { recursive: true, mode: 0o700 });
  const clock = systemClock;
  const authority = await siteAuthority(files);
  for (const identity of nodes) {
    const directory = files.identityDir(identity);
    await ensureNodeIdentity({ directory, identity, clock, authority, ...LOOPBACK_NAMES });
  }
  if (files.revocationListFile !== undefined) {
    await publishRevocationList(authority, files.revocationListFile);
  }
  for (const [at, publicKeyFile] of files.vendorPublicKeyFiles.entries()) {
    await ensureVendorKey(files.directory, publicKeyFile, files.vendorPrivateKeyFiles[at]);
  }
};

/**
 * Manufactures the devices of a LAN that are missing, with their password lists.
 *
 * @param updater the intermediary that the lists are for
 */
export const prepareDevices = async (
  files: SiteFiles,
  devices: readonly SiteDevice[],
  updater: string,
): Promise<void> => {
  await mkdir(files.processDirectory, { recursive: true, mode: 0o700 });
  for (const device of devices) await ensureDevice(files, device, updater);
};

/** The files of one LAN of several that share everything else. */
export const lanFiles = (files: SiteFiles, lan: string): SiteFiles => {
  const directory = join(files.directory, 'lans', lan);
  return {
    ...files,
    processDirectory: directory,
    intermediaryDataDir: join(directory, 'intermediary'),
    deviceDataDir: join(directory, 'devices'),
    passwordListFile: (deviceId) => join(directory, 'password-lists', `${deviceId}.json`),
  };
};

/** The CA of a site; it runs on the machine's clock. */
export const siteAuthority = ({ directory }: SiteFiles): Promise<Authority> =>
  openAuthority({ directory: join(directory, 'ca'), clock: systemClock, entropy: systemEntropy });

/** Takes the certificate of a node back, and tells all tiers that follow the list. */
export const revoke = async (files: SiteFiles, identity: NodeIdentity): Promise<void> => {
  const authority = await siteAuthority(files);
  for (const serial of await certificateSerials(files.identityDir(identity))) await authority.revoke(serial);
  const { revocationListFile } = files;
  if (revocationListFile !== undefined) await publishRevocationList(authority, revocationListFile);
};

/** A list is made with its device: a second one would be another list. */
const ensureDevice = async (
  files: SiteFiles,
  { id, profile: name = 'mfp', firmware, apps, passwords }: SiteDevice,
  updater: string,
): Promise<void> => {
  const directory = deviceDirectory(files.deviceDataDir, id);
  if (await isManufactured(directory)) return;
  if (passwords !== undefined) {
    const list = makePasswordList(systemEntropy, {
      deviceId: id,
      userName: updater,
      count: passwords,
    });
    await mkdir(dirname(files.passwordListFile(id)), { recursive: true, mode: 0o700 });
    await writeFile(files.passwordListFile(id), encodePasswordList(list), { mode: 0o600 });
  }
  const profile = profileNamed(name);
  const others = profile.components.filter((component) => component !== 'firmware');
  const software = [
    { name: 'firmware', ...firmware },
    ...(apps ?? others.map((component) => ({ ...firmware, name: component }))),
  ];
  await manufactureDevice({ directory, profile, software });
};

/** The public half is written last: while it is missing nothing has been signed, and an interrupted pair is made anew. */
const ensureVendorKey = async (
  directory: string,
  publicKeyFile: string,
  privateKeyFile: string | undefined,
): Promise<void> => {
  if (privateKeyFile === undefined) throw new TypeError('Vendor keys come in pairs');
  try {
    await readFile(publicKeyFile);
    return;
  } catch (error) {
    if (errorCode(error, '') !== 'ENOENT') throw error;
  }
  await mkdir(join(directory, 'vendor'), { recursive: true, mode: 0o700 });
  const { privateKeyPem, publicKeyPem } = generateVendorKey();
  const key = await open(privateKeyFile, 'w', 0o600);
  await key.writeFile(privateKeyPem);
  await key.close();
  await writeFile(publicKeyFile, publicKeyPem);
};
