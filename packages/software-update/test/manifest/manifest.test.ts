import { describe, expect, test } from '@jest/globals';
import { LONGEST_SIGNED_MANIFEST, verifyManifest } from '@postern/software-update';
import { makeManifest, RELEASE, sign, VENDOR_KEYS } from '../support/software.ts';
import { signPayload } from './sign-payload.ts';

const manifest = makeManifest(RELEASE);
const plain = { ...manifest, expires: '2030-02-01T00:00:00.000Z' };
const [component] = manifest.components;
const withComponent = (change: Record<string, unknown>) => ({
  ...plain,
  components: [{ ...component, ...change }],
});
const without = (name: string) => Object.fromEntries(Object.entries(plain).filter(([key]) => key !== name));

const read = (payload: unknown) =>
  verifyManifest(signPayload(Buffer.from(JSON.stringify(payload))), VENDOR_KEYS);

test('a manifest survives being signed and read', () => {
  expect(verifyManifest(sign(manifest), VENDOR_KEYS)).toEqual(manifest);
});

/** @spec X1 */
describe('a payload is refused although its signature holds, when', () => {
  test.each<[string, unknown]>([
    ['it is no object', [plain]],
    ['it is null', null],
    ['its format is another', { ...plain, format: 2 }],
    ['a field is unknown', { ...plain, note: 'x' }],
    ['a field is missing', without('model')],
    ['its software has no name', { ...plain, software: '' }],
    ['its model has a line break', { ...plain, model: 'A\nB' }],
    ['its expiry is no time', { ...plain, expires: 'soon' }],
    ['its expiry is a number', { ...plain, expires: 1_893_456_000_000 }],
    ['its expiry has no zone', { ...plain, expires: '2030-02-01T00:00:00' }],
    ['its expiry is a date that does not exist', { ...plain, expires: '2030-02-99T00:00:00Z' }],
    ['its components are no list', { ...plain, components: {} }],
    ['it names no component', { ...plain, components: [] }],
    [
      'it names 65 components',
      { ...plain, components: Array.from({ length: 65 }, (_, at) => ({ ...component, name: `c${at}` })) },
    ],
    ['it names a component twice', { ...plain, components: [component, component] }],
    ['a component has an unknown field', withComponent({ url: 'x' })],
    ['a component is no object', { ...plain, components: ['firmware'] }],
    ['a name has a slash', withComponent({ name: 'a/b' })],
    ['a name begins with a dot', withComponent({ name: '..' })],
    ['a name is too long', withComponent({ name: 'a'.repeat(33) })],
    ['a version has a line break', withComponent({ version: '1\n2' })],
    ['a version is too long', withComponent({ version: '1'.repeat(65) })],
    ['a length is zero', withComponent({ length: 0 })],
    ['a length is a fraction', withComponent({ length: 1.5 })],
    ['a length is a string', withComponent({ length: '4000' })],
    ['a length is beyond safe integers', withComponent({ length: 2 ** 53 })],
    ['a release counter is negative', withComponent({ releaseCounter: -1 })],
    ['a digest is in capitals', withComponent({ sha256: 'A'.repeat(64) })],
    ['a digest is too short', withComponent({ sha256: 'a'.repeat(63) })],
  ])('%s', (_, payload) => {
    expect(() => read(payload)).toThrow(expect.objectContaining({ code: 'manifest-malformed' }));
  });

  test.each([
    ['it is not JSON', Buffer.from('{')],
    ['it is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['it is empty', Buffer.alloc(0)],
  ])('%s', (_, payload) => {
    expect(() => verifyManifest(signPayload(payload), VENDOR_KEYS)).toThrow(
      expect.objectContaining({ code: 'manifest-malformed' }),
    );
  });
});

test('a manifest of the most components at their longest fits into the limit', () => {
  const components = Array.from({ length: 64 }, (_, at) => ({
    name: `${'n'.repeat(29)}.${String(at).padStart(2, '0')}`,
    version: 'v'.repeat(64),
    length: Number.MAX_SAFE_INTEGER,
    sha256: 'f'.repeat(64),
    releaseCounter: Number.MAX_SAFE_INTEGER,
  }));
  const signed = sign({ ...manifest, components });
  expect(signed.length).toBeLessThan(LONGEST_SIGNED_MANIFEST);
  expect(verifyManifest(signed, VENDOR_KEYS).components).toEqual(components);
});
