import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateVendorKey, signRotation, vendorSignerFromPem } from '@postern/software-update';
import { manifestOf, signed, vendor } from '../../support/software.ts';
import { addSoftware, createWorld, devices, order, poll, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const successor = generateVendorKey();
type Key = typeof vendor;
const signers = (...keys: Key[]) => keys.map(({ privateKeyPem }) => vendorSignerFromPem(privateKeyPem));
const rotation = (sequence: number, names: readonly Key[], signedBy: readonly Key[]): Buffer =>
  Buffer.from(
    signRotation(
      { sequence, threshold: 1, keys: names.map(({ publicKeyPem }) => publicKeyPem) },
      signers(...signedBy),
    ),
  );
const trust = (envelope: Uint8Array) =>
  world.rest({
    method: 'POST',
    path: '/api/v1/vendor-keys/rotations',
    body: { signedRotation: Buffer.from(envelope).toString('base64') },
  });
const register = (key: Key) =>
  world.rest({
    method: 'POST',
    path: '/api/v1/software',
    body: { signedManifest: signed(manifestOf(), key).toString('base64') },
  });
const keys = async () => (await world.rest({ path: '/api/v1/vendor-keys' })).json;

/** @spec X1 */
describe('a key rotation', () => {
  test('is in force from then on, also after a restart', async () => {
    const old = await addSoftware(world);
    const answer = await trust(rotation(1, [successor], [vendor, successor]));
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ sequence: 1, threshold: 1, rotations: [{ sequence: 1 }] });
    for (const restarted of [false, true]) {
      if (restarted) await world.restart();
      expect((await keys())['keys']).toEqual([
        { keyId: signers(successor)[0]?.keyId, publicKeyPem: successor.publicKeyPem },
      ]);
      expect((await register(vendor)).json['code']).toBe('manifest-signature-invalid');
      expect((await register(successor)).status).toBeLessThan(300);
    }
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    expect((await order(world, 'printer-1', old)).status).toBe(201);
  });

  test('ends orders of software that only revoked keys signed; what is under way is left to the device', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
    const software = await addSoftware(world);
    expect((await order(world, 'printer-1', software)).status).toBe(201);
    await trust(rotation(1, [successor], [vendor, successor]));
    const refused = await order(world, 'printer-2', software);
    expect([refused.status, refused.json['code']]).toEqual([422, 'manifest-signature-invalid']);
    const push = { method: 'POST', path: '/api/v1/intermediaries/site-a/software', body: { software } };
    expect((await world.rest(push)).json['code']).toBe('manifest-signature-invalid');
  });

  test('travels with every order and with software to sites, oldest first', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    const both = [vendor, successor];
    const [first, second] = [rotation(1, both, [vendor]), rotation(2, both, [successor])];
    await trust(first);
    await trust(second);
    const software = await addSoftware(world);
    await order(world, 'printer-1', software);
    await world.rest({ method: 'POST', path: '/api/v1/intermediaries/site-a/software', body: { software } });
    const { requests } = await site.call('Poll', poll());
    const sent = requests?.request.map(({ body }) =>
      body.kind === 'UpdateSoftware' || body.kind === 'FetchSoftware'
        ? body.value.keyRotations?.record.map((record) => Buffer.from(record).toString('base64'))
        : undefined,
    );
    const expected = [first, second].map((record) => record.toString('base64'));
    expect(sent).toEqual([expected, expected]);
  });

  test('at most sixteen travel: the newest', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    const all = Array.from({ length: 17 }, (_, at) => rotation(at + 1, [vendor], [vendor]));
    for (const record of all) expect((await trust(record)).status).toBe(201);
    await order(world, 'printer-1', await addSoftware(world));
    const { requests } = await site.call('Poll', poll());
    const body = requests?.request[0]?.body;
    const sent = body?.kind === 'UpdateSoftware' ? (body.value.keyRotations?.record ?? []) : [];
    expect(sent.map((record) => Buffer.from(record).toString('base64'))).toEqual(
      all.slice(1).map((record) => record.toString('base64')),
    );
    await world.restart();
    expect((await keys())['sequence']).toBe(17);
  });

  test('taken again changes nothing', async () => {
    const record = rotation(1, [successor], [vendor, successor]);
    expect((await trust(record)).status).toBe(201);
    expect((await trust(record)).status).toBe(200);
    expect((await keys())['rotations']).toHaveLength(1);
  });

  test.each<[string, () => Uint8Array]>([
    ['by a key that is not in force', () => rotation(1, [successor], [successor])],
    ['that leaves one out', () => rotation(2, [vendor], [vendor])],
    ['that is no envelope', () => Buffer.from('{}')],
  ])('%s is refused', async (_case, record) => {
    const { status, json } = await trust(record());
    expect([status, json['code']]).toEqual([422, 'key-rotation-invalid']);
    expect(await keys()).toMatchObject({ sequence: 0, rotations: [] });
  });

  test('of a number that is taken by another one is refused', async () => {
    await trust(rotation(1, [vendor, successor], [vendor]));
    const { status } = await trust(rotation(1, [vendor], [vendor]));
    expect(status).toBe(422);
  });
});
