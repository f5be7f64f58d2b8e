import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Days, Instant, Milliseconds, Seconds, sleep, systemClock, withDeadline } from '@postern/core';
import {
  deviceConfigSchema,
  deviceDirectory,
  isManufactured,
  manufactureDevice,
  profileNamed,
  startDevices,
} from '@postern/device-emulator';
import { type ManagementServer, startManagementServer } from '@postern/management-server';
import { createOperatorClient, type OperatorClient } from '@postern/management-server/client';
import { generateVendorKey, signManifest, vendorSignerFromPem } from '@postern/software-update';
import { startServerUpdater } from '../src/server-updater.ts';
import { openWorkplace, ports, type Workplace } from './support/workplace.ts';

const vendor = generateVendorKey();
let place: Workplace;
const path = (name: string): string => place.path(name);

beforeEach(async () => {
  place = await openWorkplace();
  await place.enrol('server', 'main');
  await place.enrol('intermediary', 'main-updater');
  await place.enrol('device', 'printer-1');
  await writeFile(path('vendor.pub'), vendor.publicKeyPem);
});
afterEach(() => place.close());

const startServer = () =>
  place.running(
    startManagementServer(
      {
        dataDir: path('server-data'),
        identityDir: path('main'),
        uplink: { port: 0 },
        rest: { port: 0 },
        vendorKeyFiles: [path('vendor.pub')],
      },
      ports,
    ),
  );

const updaterFile = async (more: object = {}): Promise<string> => {
  const file = path('updater.yaml');
  const config = {
    dataDir: path('updater-data'),
    identityDir: path('main-updater'),
    secure: { host: '127.0.0.1', port: 0 },
    notice: { host: '127.0.0.1', port: 0 },
    vendorKeyFiles: [path('vendor.pub')],
    ...more,
  };
  await writeFile(file, JSON.stringify(config));
  return file;
};
const startUpdater = async (server: ManagementServer, file: string) =>
  place.running(startServerUpdater({ file, server, uplinkHost: '0.0.0.0', ...ports }));

const startPrinter = async (
  { securePort, noticePort }: { securePort: number; noticePort: number },
  choices: { readonly device?: object; readonly fleet?: object } = {},
) => {
  const config = deviceConfigSchema.parse({
    dataDir: path('devices'),
    vendorKeyFiles: [path('vendor.pub')],
    intermediary: {
      name: 'main-updater',
      secureUrl: `https://127.0.0.1:${securePort}/intermediary`,
      noticeUrl: `http://127.0.0.1:${noticePort}/intermediary`,
    },
    devices: [{ id: 'printer-1', identityDir: path('printer-1'), engineStartUp: 0, ...choices.device }],
    ...choices.fleet,
  });
  const directory = deviceDirectory(path('devices'), 'printer-1');
  const made = await isManufactured(directory);
  if (!made)
    await manufactureDevice({
      directory,
      profile: profileNamed('mfp'),
      software: [
        { name: 'firmware', version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') },
      ],
    });
  return place.running(startDevices(config, ports));
};

const until = <T>(what: string, question: () => Promise<T | undefined>): Promise<T> =>
  withDeadline(systemClock, Seconds(40), what, undefined, async (signal) => {
    for (;;) {
      const answer = await question();
      if (answer !== undefined) return answer;
      await sleep(systemClock, Milliseconds(20), signal);
    }
  });

const signRelease = async (client: OperatorClient) => {
  const content = Buffer.from('firmware 2');
  const sha256 = createHash('sha256').update(content).digest('hex');
  await client.putImage(sha256, content.length, Readable.from([content]));
  const component = { name: 'firmware', version: '2.0.0', releaseCounter: 2, length: content.length, sha256 };
  const expires = Instant(systemClock.now() + Days(1));
  const manifest = { software: 'firmware', model: 'Postern MFP-100', expires, components: [component] };
  return client.registerSoftware(
    signManifest({ format: 1, ...manifest }, vendorSignerFromPem(vendor.privateKeyPem)),
  );
};

const openClient = async (server: ManagementServer) => {
  const client = createOperatorClient({
    url: `https://127.0.0.1:${server.restPort}`,
    token: (await readFile(server.operatorTokenFile, 'utf8')).trim(),
    trust: { caPem: await readFile(path('main/ca.pem'), 'utf8') },
  });
  return place.running(Promise.resolve(client));
};

/** Orders a release for the printer once it is known, and waits for the end. */
const updatePrinter = async (client: OperatorClient) => {
  const known = await until('the device is known', async () => (await client.listDevices())[0]);
  expect(known).toMatchObject({ id: 'printer-1', intermediary: 'main-updater' });
  const software = await signRelease(client);
  const { id } = await client.orderUpdate({ deviceId: 'printer-1', software: software.id });
  return until('the update has ended', async () => {
    const seen = await client.update(id);
    return seen.finishedAt === null ? undefined : seen;
  });
};

/** @spec U20 */
test('a server updates a device that it can reach, through its own uplink', async () => {
  const server = await startServer();
  await startPrinter(await startUpdater(server, await updaterFile()));
  const update = await updatePrinter(await openClient(server));
  expect(update).toMatchObject({ state: 'verified', assurance: 'full', intermediary: 'main-updater' });
}, 60_000);

/** @spec X1 */
test('a device without a clock is updated by the time that the server signs, and by no other', async () => {
  const server = await startServer();
  const updater = await startUpdater(server, await updaterFile());
  const other = path('other-time.pub');
  await writeFile(other, generateVendorKey().publicKeyPem);
  const client = await openClient(server);
  const device = { clock: 'none' };
  const first = await startPrinter(updater, { device, fleet: { timeKeyFiles: [other] } });
  expect(await updatePrinter(client)).toMatchObject({ state: 'failed', failure: { code: 'time-unproved' } });
  await first.close();
  await startPrinter(updater, { device, fleet: { timeKeyFiles: [server.timeKeyFile] } });
  expect(await updatePrinter(client)).toMatchObject({ state: 'verified', assurance: 'full' });
}, 60_000);

/** @spec I5 */
test('software is brought to a site', async () => {
  const server = await startServer();
  await startUpdater(server, await updaterFile());
  const client = await openClient(server);
  const software = await signRelease(client);
  await until('the intermediary has called', async () => (await client.listIntermediaries())[0]);
  const { id } = await client.pushSoftware('main-updater', { software: software.id });
  const request = await until('the site has answered', async () => {
    const seen = await client.request(id);
    return seen.answeredAt === null ? undefined : seen;
  });
  expect(request).toMatchObject({ state: 'answered', fetchedBytes: 10, failure: null });
});

test.each([
  ['another server', { uplink: { url: 'https://elsewhere:8443/uplink', serverName: 'other' } }],
  ['an unknown key', { colour: 'red' }],
])('an updater whose configuration names %s is refused', async (_case, more) => {
  const server = await startServer();
  const starting = startUpdater(server, await updaterFile(more));
  await expect(starting).rejects.toMatchObject({ code: 'config-invalid' });
});
