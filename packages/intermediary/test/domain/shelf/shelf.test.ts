import { beforeEach, expect, test } from '@jest/globals';
import { errorCode, Instant } from '@postern/core';
import { generateVendorKey, signManifest, signRotation, vendorSignerFromPem } from '@postern/software-update';
import { bundleOf } from '../../support/bundle.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';
import { type SiteSoftwareOptions, siteSoftware } from '../../support/site-software.ts';
import { IMAGE, makeManifest, SIGNER, sha256, sign, VENDOR_PUBLIC_KEY } from '../../support/software.ts';

const never = new AbortController().signal;
let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

const site = async (options: Partial<SiteSoftwareOptions> = {}) => {
  const process = await startProcess({ directory });
  return { ...process, ...(await siteSoftware({ ...process, directory, ...options })) };
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

const OTHER = Buffer.alloc(2_000, 3);
const otherManifest = (overrides = {}) =>
  makeManifest({
    software: 'other',
    components: [
      { name: 'firmware', version: '3.0', length: OTHER.length, sha256: sha256(OTHER), releaseCounter: 3 },
    ],
    ...overrides,
  });

/** @spec I5 X6 */
test('software stays on the shelf, images and all, over a restart; doing it again changes nothing', async () => {
  const first = await site();
  const item = await first.intake.take(bundleOf(), 'medium', never);
  expect(await first.intake.take(bundleOf(), 'drop', never)).toEqual(item);
  first.database.close();
  const second = await site();
  expect(second.shelf.items()).toMatchObject([{ id: item.id, source: 'medium' }]);
  expect(second.shelf.newestFor('MFP 9', { firmware: '1.0' })).toMatchObject({ id: item.id });
  expect(await second.images.has(sha256(IMAGE))).toBe(true);
});

/** @spec I5 */
test.each([
  [
    'signed by nobody we know',
    () => bundleOf(signManifest(makeManifest(), strangers)),
    'manifest-signature-invalid',
  ],
  ['expired', () => bundleOf(sign(makeManifest({ expires: Instant(1) }))), 'manifest-expired'],
  ['without its image', () => bundleOf(sign(makeManifest()), []), 'bundle-incomplete'],
  ['with an image it does not name', () => bundleOf(sign(makeManifest()), [OTHER]), 'bundle-foreign'],
  [
    'with a rotation of nobody',
    () => bundleOf(sign(makeManifest()), [IMAGE], [Buffer.from('{}')]),
    'key-rotation-invalid',
  ],
])('a bundle %s leaves nothing behind', async (_name, bundle, code) => {
  const { intake, shelf, images, files } = await site();
  expect(await codeOf(intake.take(bundle(), 'medium', never))).toBe(code);
  expect(shelf.items()).toEqual([]);
  expect(await images.has(sha256(OTHER))).toBe(false);
  expect(intake.pinned().size).toBe(0);
  expect(code === 'bundle-foreign' || (await files.list()).length === 0).toBe(true);
});

const strangers = vendorSignerFromPem(generateVendorKey().privateKeyPem);

/** @spec I5 X1 */
test('an image that is not what was signed is refused, and never visible', async () => {
  const { intake, shelf, images } = await site();
  const forged = Buffer.from(IMAGE);
  forged[7] = 0;
  async function* parts() {
    for await (const part of bundleOf()) {
      yield part.kind === 'image' ? { ...part, content: once(forged) } : part;
    }
  }
  expect(await codeOf(intake.take(parts(), 'medium', never))).toBe('digest-mismatch');
  expect(shelf.items()).toEqual([]);
  expect(await images.has(sha256(IMAGE))).toBe(false);
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @spec I5 */
test('the shelf has limits, and expired software makes room', async () => {
  const { intake, shelf, clock } = await site({ mostEntries: 1 });
  const soon = makeManifest({ expires: Instant(clock.now() + 60_000) });
  await intake.take(bundleOf(sign(soon)), 'medium', never);
  expect(await codeOf(intake.take(bundleOf(sign(otherManifest()), [OTHER]), 'medium', never))).toBe(
    'shelf-full',
  );
  await clock.advance(61_000 as Parameters<typeof clock.advance>[0]);
  await intake.take(bundleOf(sign(otherManifest()), [OTHER]), 'medium', never);
  expect(shelf.items().map(({ manifest }) => manifest.software)).toEqual(['other']);

  const small = await site({ mostBytes: 100 });
  expect(await codeOf(small.intake.take(bundleOf(), 'medium', never))).toBe('shelf-full');
});

/** @spec I5 */
test('images of the shelf do not give way to others', async () => {
  const { intake, shelf, images } = await site({ cacheBytes: IMAGE.length + 100 });
  await intake.take(bundleOf(), 'medium', never);
  expect(await codeOf(intake.take(bundleOf(sign(otherManifest()), [OTHER]), 'medium', never))).toBe(
    'storage-full',
  );
  expect(await images.has(sha256(IMAGE))).toBe(true);
  shelf.remove('mfp-9-release');
  await intake.take(bundleOf(sign(otherManifest()), [OTHER]), 'medium', never);
  expect(await images.has(sha256(IMAGE))).toBe(false);
});

/** @spec X1 */
test('a key rotation is followed once and stays, also when the software behind it is refused', async () => {
  const next = generateVendorKey();
  const nextSigner = vendorSignerFromPem(next.privateKeyPem);
  const rotation = signRotation({ sequence: 1, threshold: 1, keys: [next.publicKeyPem] }, [
    SIGNER,
    nextSigner,
  ]);
  const first = await site();
  const old = sign(makeManifest());
  expect(await codeOf(first.intake.take(bundleOf(old, [IMAGE], [rotation]), 'medium', never))).toBe(
    'manifest-signature-invalid',
  );
  expect(first.trust.current()).toMatchObject({ sequence: 1 });
  first.database.close();

  const second = await site();
  expect(second.trust.current().keys.has(nextSigner.keyId)).toBe(true);
  const fresh = signManifest(makeManifest(), nextSigner);
  await second.intake.take(bundleOf(fresh, [IMAGE], [rotation]), 'medium', never);
  expect(second.trust.rotations()).toHaveLength(1);
  expect(VENDOR_PUBLIC_KEY).not.toBe(next.publicKeyPem);
});

/** @spec X1 */
test('a rotation in a transaction that is rolled back was not followed', async () => {
  const next = generateVendorKey();
  const signers = [SIGNER, vendorSignerFromPem(next.privateKeyPem)];
  const rotation = signRotation({ sequence: 1, threshold: 1, keys: [next.publicKeyPem] }, signers);
  const { trust, database } = await site();
  expect(() =>
    database.transaction(() => {
      trust.follow([rotation]);
      throw new Error('rolled back');
    }),
  ).toThrow('rolled back');
  expect(trust.current().sequence).toBe(0);
  expect(trust.follow([rotation]).sequence).toBe(1);
});
