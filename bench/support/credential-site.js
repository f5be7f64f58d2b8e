import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Days, Instant, systemClock, systemEntropy } from '@postern/core';
import {
  encodePasswordList,
  generateVendorKey,
  makePasswordList,
  signManifest,
  vendorSignerFromPem,
} from '@postern/software-update';
import { startChild } from './children.js';
import { makeDevice } from './fleet.js';
import { createIdentities } from './identities.js';
import { COMPONENT, MODEL } from './product.js';
import { severalAtOnce } from './several-at-once.js';
import { until } from './until.js';

const HOST = '127.0.0.1';
const NAME = 'bench-updater';

/** More than any run uses up. */
const LISTED_PASSWORDS = 256;

const REGISTRATION_LIMIT = 60_000;

/**
 * How a device and its updater are linked, as both are told; a device that takes plain requests is also asked for its
 * password that way.
 */
export const LINKS = {
  mutual: { device: {}, updater: {} },
  'intermediary-authenticated': {
    device: { secureLink: 'intermediary-authenticated' },
    updater: { tls: 'intermediary-authenticated' },
  },
  'device-authenticated': {
    device: { secureLink: 'device-authenticated' },
    updater: { tls: 'device-authenticated' },
  },
  plain: { device: { plain: {} }, updater: { plainRequests: true } },
  list: { device: { plain: {} }, updater: { credential: 'password-list' } },
};

/** @typedef {keyof typeof LINKS} LinkName */

/** What is shared along with each password: a release that nobody sends. */
const makeSoftware = () => {
  const { privateKeyPem, publicKeyPem } = generateVendorKey();
  const component = {
    name: COMPONENT,
    version: '2.0',
    length: 65_536,
    sha256: 'a'.repeat(64),
    releaseCounter: 2,
  };
  const manifest = {
    format: /** @type {const} */ (1),
    software: MODEL,
    model: MODEL,
    expires: Instant(systemClock.now() + Days(1)),
    components: [component],
  };
  const signedManifest = signManifest(manifest, vendorSignerFromPem(privateKeyPem));
  return { publicKeyPem, software: { manifest, signedManifest } };
};

/**
 * An updater and devices of every kind of link, each side a process.
 *
 * @param {string} directory
 * @param {number} count Of devices with each kind of link.
 */
export const startCredentialSite = async (directory, count) => {
  const identities = await createIdentities(directory);
  const { publicKeyPem, software } = makeSoftware();
  const vendorKeyFile = join(directory, 'vendor.pem');
  await writeFile(vendorKeyFile, publicKeyPem);
  const dataDir = join(directory, 'devices');
  const updaterDir = join(directory, 'updater');
  await mkdir(updaterDir);

  const names = /** @type {LinkName[]} */ (Object.keys(LINKS));
  const wanted = names.flatMap((link) =>
    Array.from({ length: count }, (_, index) => ({ link, id: `${link}-${index}` })),
  );
  const made = await severalAtOnce(wanted, async ({ link, id }) => {
    const passwordListFile = join(directory, `${id}.json`);
    const list = link === 'list' ? { passwordListFile } : {};
    if (link === 'list') await writeFile(passwordListFile, encodePasswordList(makeList(id)));
    const device = await makeDevice(identities, dataDir, id);
    return {
      link,
      device: { ...device, ...LINKS[link].device, ...list },
      updater: { ...LINKS[link].updater, ...list },
    };
  });

  const { directory: identityDir } = await identities.enrol('intermediary', NAME);
  const updater = startChild('updater.js');
  const ports = await updater.ask('start', {
    software,
    vendorKey: publicKeyPem,
    config: {
      dataDir: updaterDir,
      identityDir,
      secure: { host: HOST, port: 0 },
      notice: { host: HOST, port: 0 },
      vendorKeyFiles: [vendorKeyFile],
      devices: Object.fromEntries(made.map((entry) => [entry.device.id, entry.updater])),
    },
  });
  const devices = startChild('devices.js');
  await devices.ask('start', {
    dataDir,
    devices: made.map(({ device }) => device),
    intermediary: {
      name: NAME,
      secureUrl: `https://${HOST}:${ports.securePort}/intermediary`,
      noticeUrl: `http://${HOST}:${ports.noticePort}/intermediary`,
    },
    vendorKeyFiles: [vendorKeyFile],
  });
  const ids = wanted.map(({ id }) => id);
  await until('all devices are registered', REGISTRATION_LIMIT, () => updater.ask('knows', ids));
  return {
    updater,
    devices,
    /** Devices with this kind of link. @param {LinkName} name */
    namesOf: (name) => wanted.filter(({ link }) => link === name).map(({ id }) => id),
    stop: async () => {
      await devices.stop();
      await updater.stop();
    },
  };
};

/** @param {string} deviceId */
const makeList = (deviceId) =>
  makePasswordList(systemEntropy, { deviceId, userName: NAME, count: LISTED_PASSWORDS });
