import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { deviceContract } from '@postern/contracts';
import { Seconds, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { clientTlsOptions, ensureNodeIdentity, openNodeIdentity } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import {
  createTamperingProxy,
  type RealTopology,
  startTopology,
  type TamperingProxy,
  type TamperingRules,
} from '@postern/testbed';
import { conforms, deviceChecks, openDeviceTarget } from '@postern/testbed/conformance';
import { intermediaryIdentity } from '../../src/site/site-config.ts';
import { siteAuthority } from '../../src/site/site-files.ts';
import { resultsOf } from '../conformance/verdicts.ts';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { tryLogin } from '../support/ftp-caller.ts';
import { VendorDevice, vendorImage } from './support/vendor-device.ts';
import { startVsftpd } from './support/vsftpd.ts';

// Programs are started in processes of their own.
jest.setTimeout(120_000);

const SITE = 'site-a';
const DEVICE = 'vendor-1';
const MODEL = 'Vendor X7';
const IMAGE = vendorImage('2.0', 'release');
const RELEASE = { version: '2.0', releaseCounter: 2, content: IMAGE, model: MODEL };

type FtpServer = 'ftp-srv' | 'vsftpd';

interface Place {
  readonly topology: RealTopology;
  readonly device: VendorDevice;
  readonly directory: string;
  /** Between the intermediary and the device's FTP server, where somebody is to stand there. */
  readonly proxy: TamperingProxy | undefined;
}

const ask = async (
  { operator: { client } }: RealTopology,
  order: Parameters<typeof client.orderRequests>[0],
) => {
  const { id } = await client.orderRequests(order);
  await client.order(id, Seconds(30));
  const [request] = await client.listRequests({ order: id });
  return request;
};

/** A site that adopts nobody by itself, and the vendor's device, found and then adopted by the operator. */
const open = async (server: FtpServer, rules?: TamperingRules): Promise<Place> => {
  const directory = await temporaryDirectory();
  // vsftpd is somebody else, who has to get through to its folder.
  await chmod(directory, 0o711);
  const own = join(directory, DEVICE);
  const vsftpd = server === 'vsftpd' ? await startVsftpd(directory, join(own, 'ftp')) : undefined;
  const topology = await startTopology({
    directory: join(directory, 'topology'),
    sites: [
      {
        name: SITE,
        foreignDevices: [DEVICE],
        intermediary: {
          adoption: 'confirm',
          uplink: { firstPause: 0.05, longestPause: 0.1 },
          policy: { retryPause: 0.05 },
        },
      },
    ],
  });
  afterwards(() => topology.close());
  const target = { host: '127.0.0.1', port: vsftpd?.port ?? 0 };
  const proxy =
    rules && (await createTamperingProxy({ clock: systemClock, logger: silentLogger, target, rules }));
  afterwards(async () => proxy?.close());
  const device = await VendorDevice.start({
    foreign: topology.foreign(DEVICE),
    bulkPort: proxy?.port,
    onListening: ({ ftpPort }) => {
      target.port = Number(ftpPort);
    },
    directory: own,
    model: MODEL,
    totalPages: 4_711,
    vsftpd,
  });
  afterwards(() => device.close());
  await topology.operator.until('the device has registered', () => device.said('registered').length > 0);
  const activate = { kind: 'Activate', targets: [DEVICE], at: SITE, arguments: { active: true } } as const;
  expect(await ask(topology, activate)).toMatchObject({ state: 'answered', failure: null });
  await topology.operator.devicesKnown([DEVICE]);
  return { topology, device, directory, proxy };
};

/** What a device that knows no optional element cannot do; all of it recommended only. */
const WITHOUT_OPTIONAL_ELEMENTS = ['erasure-opens-nothing', 'password-lifetime', 'password-tries'];

/**
 * The server of npm `soap` compares nothing with the schema, has no limits, answers in SOAP 1.1 only and breaks the XML of
 * some faults. Only the device's own intermediary gets that far: recommended, too.
 */
const NOT_CHECKED_BY_SOAP = [
  ...['soap-1.2', 'doctype', 'entity-expansion', 'entity-unknown', 'processing-instruction', 'no-xml'],
  ...[
    'half-document',
    'envelope-foreign',
    'two-calls',
    'no-call',
    'operation-unknown',
    'operation-namespace',
  ],
  ...[
    'element-namespace',
    'element-unknown',
    'element-missing',
    'element-repeated',
    'element-order',
    'attribute',
  ],
  ...['text-between', 'value-invalid', 'must-understand', 'deep-body', 'deep-header', 'body-huge'],
];

const bulkPathChecks = deviceChecks.filter(({ id }) => /^(password|erasure|report)-/.test(id));

/** @spec A1 U1 U4 U5 U6 U7 U8 */
describe.each<FtpServer>(['ftp-srv', 'vsftpd'])("another vendor's device of npm soap and %s", (server) => {
  it('is found, adopted, read, updated and verified, with the assurance that it has', async () => {
    const { topology, device, directory } = await open(server);
    const { operator } = topology;
    expect(await ask(topology, { kind: 'GetCounters', targets: [DEVICE] })).toMatchObject({
      state: 'answered',
      answer: { counters: [{ name: 'total-pages', value: 4_711 }] },
    });
    expect(await ask(topology, { kind: 'GetParameters', targets: [DEVICE] })).toMatchObject({
      state: 'refused',
      failure: { code: 'not-offered' },
    });
    expect(await tryLogin(device.ftpPort, SITE, 'before-any-order')).toMatch(/^530 /);
    const { id } = await operator.order(DEVICE, await operator.register(RELEASE));
    await operator.until(
      'the device has a password',
      async () => (await device.storedPassword()) !== undefined,
    );
    const oneTime = await device.storedPassword();
    const update = await operator.finished(id);
    expect(update).toMatchObject({ state: 'verified', assurance: 'patent', credential: 'erased' });
    expect(update.gaps?.map(({ gap }) => gap)).toEqual(['manifest-unchecked', 'reports-unauthenticated']);
    expect((await readFile(join(directory, DEVICE, 'firmware'))).equals(IMAGE)).toBe(true);
    // What stands there now is the erasure password, which nobody has.
    expect(await device.storedPassword()).not.toBe(oneTime);
    expect(await tryLogin(device.ftpPort, SITE, String(oneTime))).toMatch(/^530 /);
  });

  it('goes on where an upload was cut, and is verified in the end', async () => {
    const { topology, device, directory, proxy } = await open(server, { cutAt: { bytes: 30_000, times: 2 } });
    const { operator } = topology;
    const image = vendorImage('2.0', 'x'.repeat(100_000));
    const { id } = await operator.order(DEVICE, await operator.register({ ...RELEASE, content: image }));
    expect(await operator.finished(id)).toMatchObject({ state: 'verified', credential: 'erased' });
    expect((await readFile(join(directory, DEVICE, 'firmware'))).equals(image)).toBe(true);
    expect(device.said('image-refused', 'restarting').at(-1)).toMatchObject({
      event: 'restarting',
      version: '2.0',
    });
    const uploads = proxy?.capture().control.filter((line) => /^> (APPE|STOR|REST) /.test(line));
    expect(uploads).toEqual(['> STOR image.firmware', '> APPE image.firmware', '> APPE image.firmware']);
  });

  it('keeps the contract, and turns away whoever is not its intermediary', async () => {
    const { topology, device } = await open(server);
    const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };
    const directory = topology.files.identityDir(intermediaryIdentity(SITE));
    const node = await openNodeIdentity({ directory, clock: systemClock });
    const url = `https://127.0.0.1:${device.securePort}/device`;
    const target = await openDeviceTarget({ url, node, ...ports });
    // The documents are the same behind either FTP server.
    const results = await resultsOf(server === 'vsftpd' ? bulkPathChecks : deviceChecks, target);
    const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    expect(failed.filter((id) => !NOT_CHECKED_BY_SOAP.includes(id))).toEqual(WITHOUT_OPTIONAL_ELEMENTS);
    expect(failed.length).toBe(
      WITHOUT_OPTIONAL_ELEMENTS.length + (server === 'vsftpd' ? 0 : NOT_CHECKED_BY_SOAP.length),
    );
    expect(conforms(results)).toBe(true);
    // Of the same CA, and an intermediary too, but of another name.
    const identity = intermediaryIdentity('site-b');
    const stranger = await ensureNodeIdentity({
      ...{ identity, directory: topology.files.identityDir(identity), clock: systemClock },
      authority: await siteAuthority(topology.files),
    });
    const client = createSoapClient(deviceContract, {
      ...{ url, tls: clientTlsOptions(stranger, { expect: { role: 'device', name: DEVICE } }) },
      clock: systemClock,
    });
    afterwards(() => client.close());
    await expect(client.call('GetCounters', {})).rejects.toThrow(/HTTP 403/);
  });
});
