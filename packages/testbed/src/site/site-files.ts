import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, type NodeIdentity, systemClock, systemEntropy } from '@postern/core';
import { deviceDirectory, isManufactured, manufactureDevice, PROFILES } from '@postern/device-emulator';
import { ensureNodeIdentity, openAuthority } from '@postern/pki';
import { generateVendorKey } from '@postern/software-update';

/** Where everything of a site lies in its directory. What exists is kept: a second start finds the state of the first. */
export interface SiteFiles {
  readonly directory: string;
  readonly caFile: string;
  readonly vendorPublicKeyFile: string;
  readonly vendorPrivateKeyFile: string;
  readonly serverDataDir: string;
  readonly intermediaryDataDir: string;
  readonly deviceDataDir: string;
  readonly identityDir: (identity: NodeIdentity) => string;
}

/** A device of the site and the software it leaves the factory with. */
export interface SiteDevice {
  readonly id: string;
  readonly firmware: {
    readonly version: string;
    readonly releaseCounter: number;
    readonly content: Uint8Array;
  };
}

export const siteFiles = (directory: string): SiteFiles => ({
  directory,
  caFile: join(directory, 'identities', 'server', 'ca.pem'),
  vendorPublicKeyFile: join(directory, 'vendor', 'vendor.pub'),
  vendorPrivateKeyFile: join(directory, 'vendor', 'vendor.key'),
  serverDataDir: join(directory, 'server'),
  intermediaryDataDir: join(directory, 'intermediary'),
  deviceDataDir: join(directory, 'devices'),
  identityDir: ({ name }) => join(directory, 'identities', name),
});

/**
 * Makes what is missing: CA, identities, a vendor's key, manufactured devices. The CA's certificates are checked against
 * the machine's clock, so this always runs on it.
 */
export const prepareSiteFiles = async (
  files: SiteFiles,
  nodes: readonly NodeIdentity[],
  devices: readonly SiteDevice[],
): Promise<void> => {
  await mkdir(files.directory, { recursive: true, mode: 0o700 });
  const clock = systemClock;
  const authority = await openAuthority({
    directory: join(files.directory, 'ca'),
    clock,
    entropy: systemEntropy,
  });
  for (const identity of nodes) {
    await ensureNodeIdentity({ directory: files.identityDir(identity), identity, clock, authority });
  }
  await ensureVendorKey(files);
  for (const { id, firmware } of devices) {
    const directory = deviceDirectory(files.deviceDataDir, id);
    if (await isManufactured(directory)) continue;
    const software = [{ name: 'firmware', ...firmware }];
    await manufactureDevice({ directory, profile: PROFILES.mfp, software });
  }
};

/** The public half is written last: while it is missing nothing has been signed, and an interrupted pair is made anew. */
const ensureVendorKey = async (files: SiteFiles): Promise<void> => {
  try {
    await readFile(files.vendorPublicKeyFile);
    return;
  } catch (error) {
    if (errorCode(error, '') !== 'ENOENT') throw error;
  }
  await mkdir(join(files.directory, 'vendor'), { recursive: true, mode: 0o700 });
  const { privateKeyPem, publicKeyPem } = generateVendorKey();
  const key = await open(files.vendorPrivateKeyFile, 'w', 0o600);
  await key.writeFile(privateKeyPem);
  await key.close();
  await writeFile(files.vendorPublicKeyFile, publicKeyPem);
};
