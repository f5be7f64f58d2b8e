import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Days, Instant } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import {
  pinTimeKeys,
  pinVendorKeys,
  type Signer,
  signManifest,
  signRotation,
  vendorKeyFromPem,
} from '@postern/software-update';
import type { Image } from '@postern/software-update/testing';

/** When every simulation begins. */
export const START = Instant(Date.UTC(2030, 0, 1));
export const MODEL = 'Simulated MFP';

/** A key pair that is the same in every run: Ed25519 from a seed, in PKCS#8 (RFC 8410 §7). */
const keyPair = (name: string): { readonly signer: Signer; readonly publicKeyPem: string } => {
  const seed = createHash('sha256').update(`simulation ${name}`).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { signer: { keyId: vendorKeyFromPem(publicKeyPem).keyId, privateKey }, publicKeyPem };
};

const first = keyPair('vendor');
const second = keyPair('vendor after the rotation');
const time = keyPair('time');
const stranger = keyPair('stranger');

/** What all nodes are made with. */
export const VENDOR_TRUST = pinVendorKeys([first.publicKeyPem]);
export const VENDOR_SIGNER: Signer = first.signer;
export const TIME_SIGNER: Signer = time.signer;
export const TIME_KEYS = pinTimeKeys([time.publicKeyPem]);

/** The vendor changes its key; software of before is signed with both until then. */
export const ROTATION = signRotation({ sequence: 1, threshold: 1, keys: [second.publicKeyPem] }, [
  first.signer,
  second.signer,
]);

/** One complete software of a device. */
export interface Release {
  readonly name: ReleaseName;
  readonly images: readonly Image[];
  /** Signed with the key of before and with that of after the rotation. */
  readonly signed: { readonly before: Uint8Array; readonly after: Uint8Array };
}

export type ReleaseName = '0.9' | '1.0' | '2.0' | '3.0' | 'foreign' | 'forged';

const image = (name: string, version: string, releaseCounter: number, length: number): Image => {
  const bytes = seededEntropy(`${name} ${version}`).bytes(length);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { component: { name, version, length, sha256, releaseCounter }, bytes };
};

const release = (
  name: ReleaseName,
  images: readonly Image[],
  { model = MODEL, signers = [first.signer, second.signer] } = {},
): Release => {
  const manifest = {
    format: 1,
    software: `Simulated system ${name}`,
    model,
    expires: Instant(START + Days(30)),
    components: images.map(({ component }) => component),
  } as const;
  const [before = first.signer, after = before] = signers;
  return {
    name,
    images,
    signed: { before: signManifest(manifest, before), after: signManifest(manifest, after) },
  };
};

/** The network component does not change with every release. */
const network = image('network', '3.1', 4, 300);

export const RELEASES: Readonly<Record<ReleaseName, Release>> = {
  '0.9': release('0.9', [image('firmware', '0.9', 9, 500), network]),
  '1.0': release('1.0', [image('firmware', '1.0', 10, 500), network]),
  '2.0': release('2.0', [image('firmware', '2.0', 11, 700), network]),
  '3.0': release('3.0', [image('firmware', '3.0', 12, 900), image('network', '3.2', 5, 400)]),
  foreign: release('foreign', [image('firmware', '7.0', 20, 500)], { model: 'Another MFP' }),
  forged: release('forged', [image('firmware', '8.0', 30, 500)], { signers: [stranger.signer] }),
};

/** What devices leave the factory with. */
export const FACTORY = RELEASES['1.0'];

/** Every image there is, by digest. */
export const IMAGES: ReadonlyMap<string, Uint8Array> = new Map(
  Object.values(RELEASES).flatMap(({ images }) =>
    images.map(({ component, bytes }) => [component.sha256, bytes] as const),
  ),
);

/** Versions by component, as devices report them. */
export const versionsOf = ({ images }: Pick<Release, 'images'>): Readonly<Record<string, string>> =>
  Object.fromEntries(images.map(({ component }) => [component.name, component.version]));
