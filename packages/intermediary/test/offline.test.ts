import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { intermediaryContract } from '@postern/contracts';
import { errorCode, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import type { Intermediary, IntermediaryConfigInput } from '@postern/intermediary';
import { OperationClient, type WireEvent } from '@postern/intermediary/operation';
import { createSoapClient } from '@postern/soap-rpc';
import { packBundle, writeBundleFolder, writeBundleTar } from '@postern/storage';
import { bundleOf } from './support/bundle.ts';
import { afterThisTest } from './support/directory.ts';
import { NetworkDevice } from './support/network-device.ts';
import { ScriptedServer } from './support/scripted-server.ts';
import { IMAGE, makeManifest, sha256, sign } from './support/software.ts';
import { startSite } from './support/started-site.ts';
import { World } from './support/world.ts';

jest.setTimeout(20_000);

let world: World;
const log = memoryLogger();

beforeEach(async () => {
  log.lines.length = 0;
  world = await World.make();
});

const start = async (
  changes: Partial<IntermediaryConfigInput> = {},
): Promise<{ site: Intermediary; client: OperationClient }> => {
  const site = await startSite(world, log, { changes });
  return { site, client: new OperationClient(site.operationSocket ?? '') };
};

/** A device that tells of its start where the intermediary listens. */
const device = async (site: () => Intermediary, deviceId = 'mfp-1'): Promise<NetworkDevice> => {
  const made = await NetworkDevice.start(world, deviceId);
  made.onRestart = async () => {
    const url = `http://127.0.0.1:${site().noticePort}/intermediary`;
    const plain = createSoapClient(intermediaryContract, { url, clock: systemClock });
    afterThisTest(() => plain.close());
    await plain.call('NotifyStart', made.startNotice());
  };
  return made;
};

const adopt = (client: OperationClient, { information }: NetworkDevice) =>
  client.adopt(information.deviceId, information.securePath);

const importing = (client: OperationClient, bundle = bundleOf()) => client.importSoftware(packBundle(bundle));

const collect = async (events: AsyncIterable<WireEvent>): Promise<WireEvent[]> => {
  const all: WireEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

/** Asks the site again and again: it has nothing to wait for. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds()));
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** @spec I4 I5 */
test('a site without an uplink: adopt, import, order, verified', async () => {
  const { site, client } = await start();
  const mfp = await device(() => site);
  expect(await adopt(client, mfp)).toMatchObject({ deviceId: 'mfp-1', model: 'MFP 9' });
  expect(await codeOf(client.order({ deviceId: 'mfp-1' }))).toBe('no-software');
  const software = await importing(client);
  expect(software).toMatchObject({ software: 'mfp-9-release', source: 'medium' });
  expect(await importing(client)).toEqual(software);

  const { id } = await client.order({ deviceId: 'mfp-1' });
  const events = await collect(client.follow(id));
  const finished = events.at(-1);
  expect(finished).toMatchObject({
    type: 'finished',
    update: { state: 'verified', orderedBy: 'operation-port', credential: 'erased', assurance: 'full' },
  });
  const steps = events.flatMap((event) => (event.type === 'step' ? [event.step.sequence] : []));
  expect(steps).toEqual(steps.map((_, index) => index + 1));
  expect(mfp.received).toBe(sha256(IMAGE));
  // The rest of the journal, from where one had been.
  const rest = await collect(client.follow(id, 30));
  expect(rest[0]).toMatchObject({ step: { sequence: 31 } });

  const update = await client.update(id);
  expect(update.journal.slice(0, steps.length).map(({ sequence }) => sequence)).toEqual(steps);
  expect(await client.updates()).toMatchObject([{ id, state: 'verified' }]);
  expect(await client.cancel(id)).toBe(false);
  expect(await client.status()).toMatchObject({ name: 'site-a', uplink: null, devices: 1, waitingAbove: 0 });
});

/** @spec I4 U20 X6 */
test('an update ordered at the site goes on after a restart', async () => {
  const first = await start();
  const mfp = await NetworkDevice.start(world, 'mfp-1');
  const restarted = new Promise<void>((resolve) => {
    mfp.onRestart = async () => resolve();
  });
  await adopt(first.client, mfp);
  await importing(first.client);
  const { id } = await first.client.order({ deviceId: 'mfp-1' });
  await restarted;
  await first.site.close();
  expect(await codeOf(first.client.status())).toBe('site-not-running');

  const { site, client } = await start();
  const url = `http://127.0.0.1:${site.noticePort}/intermediary`;
  const plain = createSoapClient(intermediaryContract, { url, clock: systemClock });
  afterThisTest(() => plain.close());
  const following = collect(client.follow(id));
  await plain.call('NotifyStart', mfp.startNotice());
  expect((await following).at(-1)).toMatchObject({ type: 'finished', update: { state: 'verified' } });
});

/** @spec I4 */
test('the result of an update ordered at the site goes up, once the server is there', async () => {
  const server = await ScriptedServer.start(world);
  const uplink = { url: server.url, serverName: 'server-1', firstPause: 0.05 };
  const { site, client } = await start({ uplink });
  const mfp = await device(() => site);
  await adopt(client, mfp);
  await importing(client);
  const { id } = await client.order({ deviceId: 'mfp-1' });
  await server.until(() => server.deliveries.length > 0);
  expect(server.deliveries).toMatchObject([
    {
      deliveryId: id,
      deviceId: 'mfp-1',
      route: { node: ['site-a'] },
      body: {
        kind: 'UpdateSoftwareResponse',
        value: {
          state: 'verified',
          orderedBy: 'operation-port',
          software: 'mfp-9-release',
          gaps: { gap: [] },
        },
      },
    },
  ]);
  expect(server.devices.map(({ information }) => information.deviceId)).toEqual(['mfp-1']);
  await until(async () => (await client.update(id)).phase === 'finished');
  expect(server.imageRequests).toEqual([]);
});

/** @spec I5 */
test('the server fills the shelf, and orders at the site take from there', async () => {
  const server = await ScriptedServer.start(world);
  const uplink = { url: server.url, serverName: 'server-1', firstPause: 0.05 };
  const { client } = await start({ uplink });
  const value = { signedManifest: sign(makeManifest()) };
  server.request('fetch-1', 'site-a', { kind: 'FetchSoftware', value });
  expect(await server.answer('fetch-1')).toMatchObject({
    kind: 'FetchSoftwareResponse',
    value: { fetchedBytes: IMAGE.length },
  });
  expect(await client.software()).toMatchObject([{ source: 'server', software: 'mfp-9-release' }]);
  server.request('fetch-2', 'site-a', { kind: 'FetchSoftware', value });
  expect(await server.answer('fetch-2')).toMatchObject({ value: { fetchedBytes: 0 } });
  expect(await client.software()).toHaveLength(1);
  const unsigned = { signedManifest: Buffer.from('{}') };
  server.request('fetch-3', 'site-a', { kind: 'FetchSoftware', value: unsigned });
  expect(await server.answer('fetch-3')).toMatchObject({
    kind: 'Failure',
    value: { code: 'manifest-malformed' },
  });
  const lacking = makeManifest({
    components: [{ name: 'firmware', version: '3.0', length: 9, sha256: 'ab'.repeat(32), releaseCounter: 3 }],
  });
  server.request('fetch-4', 'site-a', { kind: 'FetchSoftware', value: { signedManifest: sign(lacking) } });
  expect(await server.answer('fetch-4')).toMatchObject({ kind: 'Failure', value: { code: 'image-missing' } });
  expect(await client.software()).toHaveLength(1);
});

/** @spec I4 */
test("the socket is its owner's alone, and what a killed process left is no obstacle", async () => {
  const { site, client } = await start();
  const path = site.operationSocket ?? '';
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await codeOf(new OperationClient(`${path}.other`).status())).toBe('site-not-running');
  expect(await codeOf(client.update('none'))).toBe('update-unknown');
  await site.close();

  const data = world.dataDirectory();
  const { createServer } = await import('node:net');
  const left = createServer();
  await new Promise<void>((resolve) => left.listen(join(data, 'left.sock'), resolve));
  afterThisTest(() => left.close());
  await start({ operation: { socket: join(data, 'left.sock') } });
});

test('a path that cannot be a socket is refused where one is needed, and told of elsewhere', async () => {
  const long = join(world.directory, 'x'.repeat(120));
  expect(await codeOf(start({ operation: { socket: long } }))).toBe('operation-port-unusable');
  const file = join(world.directory, 'file');
  await writeFile(file, '');
  expect(await codeOf(start({ operation: { socket: file } }))).toBe('operation-port-unusable');
  const server = await ScriptedServer.start(world);
  const dataDir = long;
  const { site } = await start({ dataDir, uplink: { url: server.url, serverName: 'server-1' } });
  expect(site.operationSocket).toBeUndefined();
  expect(log.lines.map(({ message }) => message)).toContain('There is no operation port');
});

/** @spec I4 */
test('wrong requests are refused with what is wrong', async () => {
  const { client } = await start();
  expect(await codeOf(client.adopt('mfp/1', { host: '127.0.0.1', port: 1 }))).toBe('operation-invalid');
  expect(await codeOf(client.order({ deviceId: 'mfp-1' }))).toBe('device-unknown');
  expect(await codeOf(client.order({ deviceId: 'mfp-1', software: 'nothing' }))).toBe('software-unknown');
  expect(await codeOf(client.setSchedule([{ task: 'collect-logs', expression: 'PT1H' }]))).toBe(
    'schedule-invalid',
  );
  expect(await codeOf(client.setSchedule([{ task: 'check-versions', expression: 'hourly' }]))).toBe(
    'schedule-invalid',
  );
  expect(await codeOf(client.importSoftware(Readable.from([Buffer.alloc(700, 1)])))).toBe('bundle-invalid');
  // Another device answers than was named.
  const mfp = await NetworkDevice.start(world, 'mfp-1');
  const { port } = mfp.information.securePath ?? { port: 0 };
  expect(await codeOf(client.adopt('mfp-2', { host: '127.0.0.1', port }))).toBe('tls-refused');
  expect(await codeOf(client.adopt('mfp-2'))).toBe('device-unknown');
  expect(await codeOf(client.release('mfp-2'))).toBe('device-unknown');
  expect(await client.devices()).toEqual([]);
  await client.adopt('mfp-1', mfp.information.securePath);
  await client.release('mfp-1');
  expect(await client.devices()).toMatchObject([{ id: 'mfp-1', active: false }]);
  expect(await codeOf(client.order({ deviceId: 'mfp-1', software: 'nothing' }))).toBe('software-unknown');
  await client.adopt('mfp-1');
  expect(await client.devices()).toMatchObject([{ id: 'mfp-1', active: true }]);
});

/** @spec I3 I4 */
test('the schedule orders what devices lack, and only once', async () => {
  const { site, client } = await start({ schedule: [{ task: 'check-versions', expression: 'every 1' }] });
  const mfp = await device(() => site);
  await adopt(client, mfp);
  await importing(client);
  const ordered = async () => (await client.updates()).filter(({ state }) => state === 'verified');
  await until(async () => (await ordered()).length > 0);
  const checks = () => log.lines.filter(({ message }) => message === 'Versions were checked').length;
  const before = checks();
  await until(async () => (await client.status()) !== undefined && checks() >= before + 2);
  expect(await client.updates()).toMatchObject([{ orderedBy: 'schedule', state: 'verified' }]);
  expect(await client.schedule()).toMatchObject([{ task: 'check-versions', expression: 'every 1' }]);
  expect(await client.setSchedule([])).toEqual([]);
});

/** @spec I5 */
test('software comes from a folder and a tar file, and goes off the shelf again', async () => {
  const { client } = await start();
  const imageFile = join(world.directory, 'image');
  await writeFile(imageFile, IMAGE);
  const content = {
    signedManifest: sign(makeManifest()),
    keyRotations: [],
    images: [{ sha256: sha256(IMAGE), length: IMAGE.length, file: imageFile }],
  };
  await writeBundleFolder(join(world.directory, 'bundle'), content);
  await writeBundleTar(join(world.directory, 'bundle.tar'), content);
  const { readBundleFolder } = await import('@postern/storage');
  const { createReadStream } = await import('node:fs');
  const first = await client.importSoftware(packBundle(readBundleFolder(join(world.directory, 'bundle'))));
  const second = await client.importSoftware(createReadStream(join(world.directory, 'bundle.tar')));
  expect(second).toEqual(first);
  expect(await client.removeSoftware(first.id.slice(0, 12))).toEqual(first);
  expect(await client.software()).toEqual([]);
  expect(await codeOf(client.removeSoftware('mfp-9-release'))).toBe('software-unknown');
});
