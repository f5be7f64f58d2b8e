import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant } from '@postern/core';
import { generateVendorKey, signRotation, vendorSignerFromPem } from '@postern/software-update';
import { commandLine } from './support/command-line.ts';
import { servedSite } from './support/served-site.ts';

const vendor = generateVendorKey();
let world: Awaited<ReturnType<typeof servedSite>>;
const { output, errors, printed, ...line } = commandLine();

const path = (name: string): string => world.path(name);
const poll = (changes: Partial<uplink.Poll> = {}) => world.poll(changes);
const postern = (...argv: string[]) => line.postern(...argv, ...world.connection);

beforeEach(async () => {
  world = await servedSite(['printer-1'], async (at) => {
    await writeFile(at('vendor.pub'), vendor.publicKeyPem);
    await writeFile(at('vendor.key'), vendor.privateKeyPem, { mode: 0o600 });
    return { vendorKeyFiles: [at('vendor.pub')], calls: { answering: 'operator' } };
  });
  await addRelease();
});
afterEach(() => world.close());

const addRelease = async () => {
  await writeFile(path('image.bin'), 'an image');
  const signing = ['--key', path('vendor.key'), '--software', 'firmware', '--model', 'MFP-1'];
  const component = ['--component', `system:2.0:2:${path('image.bin')}`, '--out', path('manifest.json')];
  await line.postern('software', 'sign', ...signing, ...component);
  const added = await postern(
    ...['software', 'add', '--manifest', path('manifest.json'), '--image', path('image.bin')],
  );
  expect([added, errors]).toEqual([0, []]);
};

/** @spec U11 U12 U15 U18 */
test('an order says what is to be done otherwise than at the site', async () => {
  const order = ['update', 'order', '--device', 'printer-1', '--software', 'firmware', '--json'];
  const choices = [
    ...['--generator', 'target', '--eraser', 'target', '--invalidation', 'request'],
    ...['--bulk-path', 'sftp', '--tries', '2', '--restart-timeout', '60'],
  ];
  expect(await postern(...order, ...choices)).toBe(0);
  const policy = {
    transferTries: 2,
    restartTimeoutSeconds: 60,
    passwordGenerator: 'target',
    eraser: 'target',
    invalidation: 'request',
    bulkPathKind: 'sftp',
  };
  expect(printed()).toMatchObject({ policy, orderedBy: 'server', software: 'firmware' });
  const { requests } = await poll();
  expect(requests?.request).toMatchObject([{ body: { kind: 'UpdateSoftware', value: { policy } } }]);
  expect(await postern(...order, '--eraser', 'nobody')).toBe(2);
});

/** @spec U16 I4 */
test('what a site ordered by itself is shown with who ordered it and what it did without', async () => {
  const result = {
    state: 'verified' as const,
    assurance: 'partial' as const,
    components: { item: [] },
    credential: 'erased' as const,
    journal: { step: [] },
    software: 'firmware',
    orderedBy: 'panel' as const,
    gaps: { gap: ['listed-password' as const] },
  };
  await world.site.call('Deliver', {
    deliveryId: 'job-1',
    deviceId: 'printer-1',
    route: { node: ['site-a'] },
    body: { kind: 'UpdateSoftwareResponse', value: result },
  });
  expect(await postern('update', 'show', 'job-1')).toBe(0);
  const shown = output.join('');
  expect(shown).toContain('firmware, ordered by panel');
  expect(shown).toContain('assurance: partial, one-time password: erased');
  expect(shown).toMatch(/listed-password: The password came from a list/);
  await postern('update', 'list');
  expect(output.join('')).toMatch(/job-1 +printer-1 +panel +verified +partial/);
});

/** @spec I5 */
test('software is pushed to a site, and its answer is waited for', async () => {
  const push = ['software', 'push', 'firmware', '--to', 'site-a', '--json'];
  expect(await postern(...push)).toBe(0);
  const id = String(printed()['id']);
  expect(printed()).toMatchObject({ state: 'waiting', intermediary: 'site-a' });
  await poll();
  const body = { kind: 'FetchSoftwareResponse' as const, value: { fetchedBytes: 8 } };
  await poll({ responses: { response: [{ requestId: id, at: Instant(0), body }] } });
  const waiting = postern('software', 'push', 'firmware', '--to', 'site-a', '--wait');
  const next = await down();
  const failure = { kind: 'Failure' as const, value: { code: 'storage-full', message: 'no room' } };
  await poll({ responses: { response: [{ requestId: next, at: Instant(0), body: failure }] } });
  expect(await waiting).toBe(1);
  expect(output.join('')).toContain('failed, no room (storage-full)');
  expect(await postern('software', 'push', 'firmware', '--to', 'site-b')).toBe(1);
  expect(errors.join('')).toContain('intermediary-unknown');
});

/** The next request that goes down. */
const down = async (): Promise<string> => {
  const { requests } = await poll({ holdSeconds: 30 });
  return requests?.request[0]?.requestId ?? down();
};

/** @spec X1 */
test('a key rotation is trusted and listed, with the time key of the server', async () => {
  const successor = generateVendorKey();
  const trust = { sequence: 1, threshold: 1, keys: [successor.publicKeyPem] };
  const signers = [vendor, successor].map(({ privateKeyPem }) => vendorSignerFromPem(privateKeyPem));
  await writeFile(path('rotation.dsse.json'), signRotation(trust, signers));
  expect(await postern('software', 'trust', path('rotation.dsse.json'))).toBe(0);
  expect(await postern('software', 'keys', '--json')).toBe(0);
  expect(printed()).toMatchObject({
    sequence: 1,
    keys: [{ publicKeyPem: successor.publicKeyPem }],
    rotations: [{ sequence: 1 }],
    timeKey: { publicKeyPem: expect.stringContaining('PUBLIC KEY') },
  });
  expect(await postern('update', 'order', '--device', 'printer-1', '--software', 'firmware')).toBe(1);
  expect(errors.join('')).toContain('manifest-signature-invalid');
});

/** @spec R4 R6 */
test('calls are listed, answered and shown; what is no open call is refused', async () => {
  const deliver = (deliveryId: string, body: uplink.DeliverBody) =>
    world.site.call('Deliver', { deliveryId, deviceId: 'printer-1', route: { node: ['site-a'] }, body });
  const at = Instant(Date.UTC(2030, 0, 1));
  await deliver('d-1', { kind: 'UserCall', value: { callId: 'c-1', at, reason: 'no\u0085paper' } });
  const supply = { noticeId: 'n-1', at, supply: 'toner', remainingPercent: 3 };
  await deliver('d-2', { kind: 'NotifySupply', value: supply });
  expect(await postern('notice', 'list')).toBe(0);
  expect(output.join('')).toMatch(/NotifySupply +printer-1 +noted +.*toner[\s\S]*UserCall +printer-1 +open/);
  expect(await postern('notice', 'list', '--open', '--json')).toBe(0);
  const [open] = JSON.parse(output.at(-1) ?? '') as { id: string }[];
  const id = open?.id ?? '';
  expect(await postern('notice', 'answer', id, 'Paper is on its way')).toBe(0);
  expect(output.join('')).toBe(`${id} of printer-1: deferred\n`);
  const { deferredResponses } = await poll({ received: { id: [] } });
  expect(deferredResponses?.deferredResponse[0]?.answer.text).toBe('Paper is on its way');
  expect(await postern('notice', 'show', id)).toBe(0);
  expect(output.join('')).toContain('answer: succeeded, Paper is on its way');
  expect(await postern('notice', 'answer', id, 'Another', '--failed')).toBe(1);
  expect(errors.join('')).toContain('(call-not-open)');
  expect(await postern('notice', 'show', '999')).toBe(1);
  expect(await postern('notice', 'list', '--kind', 'Unheard')).toBe(2);
});

test('the fleet: devices and where they are, one of them with its counters, intermediaries', async () => {
  expect(await postern('fleet', 'list')).toBe(0);
  expect(output.join('')).toMatch(/printer-1 +MFP-1 +site-a +active .*system 1\.0/);
  expect(await postern('fleet', 'list', '--site', 'site-a', '--model', 'MFP-1', '--json')).toBe(0);
  expect(printed()).toMatchObject([{ id: 'printer-1', intermediary: 'site-a' }]);
  expect(await postern('fleet', 'list', '--model', 'MFP-2', '--json')).toBe(0);
  expect(printed()).toEqual([]);
  // It is the server that chooses, and that knows what there can be.
  expect(await postern('fleet', 'list', '--site', 'no name')).toBe(1);
  expect(errors.join('')).toContain('(request-invalid)');
  expect(await postern('fleet', 'list', '--sites', '--json')).toBe(0);
  expect(printed()).toMatchObject([{ name: 'site-a', via: null }]);
  expect(await postern('fleet', 'show', 'printer-1')).toBe(0);
  expect(output.join('')).toMatch(/printer-1: active\n {2}model MFP-1[\s\S]*runs system 1\.0/);
  expect(await postern('fleet', 'show', 'printer-9')).toBe(1);
  expect(errors.join('')).toContain('device-unknown');
});
