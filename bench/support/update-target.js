import { Days, Instant, Seconds, silentLogger, systemClock } from '@postern/core';
import {
  bootTarget,
  factoryRecord,
  generateVendorKey,
  pinVendorKeys,
  signManifest,
  UpdateTarget,
  vendorSignerFromPem,
} from '@postern/software-update';
import { COMPONENT, MODEL } from './product.js';

/** Who logs in at the target's bulk path, and what it uploads. */
export const LOGIN = { userName: 'bench-updater', oneTimePassword: 'bench-one-time-password' };
export const UPLOAD_NAME = `image.${COMPONENT}`;

/**
 * The project's real update target, waiting for one image: it takes the credential and the signed manifest, hashes
 * what arrives, and accepts exactly the signed digest. NV-RAM is held in memory; what would go into the image slot
 * is counted and dropped, so that receiving is measured and not the machine's disk.
 *
 * @param {{ length: number, sha256: string }} image
 */
export const createWaitingTarget = async ({ length, sha256 }) => {
  const vendor = generateVendorKey();
  /** @type {import('@postern/software-update').TargetRecord} */
  let record = factoryRecord({});
  /** @type {import('@postern/software-update').TargetPorts} */
  const ports = {
    clock: systemClock,
    logger: silentLogger,
    deviceId: 'bench-device',
    model: MODEL,
    vendorTrust: pinVendorKeys([vendor.publicKeyPem]),
    memory: {
      load: async () => record,
      save: async (next) => {
        record = next;
      },
    },
    slots: droppingSlots(),
    engine: { holdWhenIdle: async () => ({ release: () => {} }) },
    restart: () => {},
  };
  const target = new UpdateTarget(ports, await bootTarget(ports));
  const signedManifest = signManifest(
    {
      format: 1,
      software: MODEL,
      model: MODEL,
      expires: Instant(systemClock.now() + Days(1)),
      components: [{ name: COMPONENT, version: '2.0', length, sha256, releaseCounter: 2 }],
    },
    vendorSignerFromPem(vendor.privateKeyPem),
  );
  await target.storeCredential({
    ...LOGIN,
    jobId: 'bench-job',
    expiresAt: Instant(systemClock.now() + Seconds(3_600)),
    signedManifest,
  });
  return target;
};

/** @returns {import('@postern/software-update').SlotStorage} */
const droppingSlots = () => {
  const firmware = { name: COMPONENT, version: '1.0', length: 1, sha256: '0'.repeat(64), releaseCounter: 1 };
  /** @type {Record<string, import('@postern/software-update').SlotContents | undefined>} */
  const contents = { A: { [COMPONENT]: firmware }, B: undefined };
  /** @type {Record<string, number>} */
  const sizes = { A: firmware.length, B: 0 };
  return {
    contents: async (slot) => contents[slot],
    isWhole: async (slot) => contents[slot] !== undefined,
    clear: async (slot) => {
      contents[slot] = undefined;
      sizes[slot] = 0;
    },
    size: async (slot) => sizes[slot] ?? 0,
    append: async (slot, _component, offset) => {
      sizes[slot] = offset;
      return {
        write: async (chunk) => {
          sizes[slot] = (sizes[slot] ?? 0) + chunk.length;
        },
        close: async () => {},
      };
    },
    read: () => {
      throw new Error('Nothing is kept');
    },
    copyFromOther: async () => {},
    seal: async (slot, sealed) => {
      contents[slot] = sealed;
    },
  };
};
