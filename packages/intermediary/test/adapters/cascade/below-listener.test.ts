import { beforeEach, expect, jest, test } from '@jest/globals';
import { uplinkContract } from '@postern/contracts';
import { errorCode, type NodeIdentity, Seconds, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import type { Intermediary, IntermediaryConfigInput } from '@postern/intermediary';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { Agent, request } from 'undici';
import { afterThisTest } from '../../support/directory.ts';
import { NetworkDevice } from '../../support/network-device.ts';
import { ScriptedServer } from '../../support/scripted-server.ts';
import { IMAGE, makeManifest, sha256, sign } from '../../support/software.ts';
import { startSite } from '../../support/started-site.ts';
import { World } from '../../support/world.ts';

jest.setTimeout(30_000);

let world: World;
let server: ScriptedServer;
const log = memoryLogger();

beforeEach(async () => {
  log.lines.length = 0;
  world = await World.make();
  server = await ScriptedServer.start(world);
});

const start = (name: string, changes: Partial<IntermediaryConfigInput>): Promise<Intermediary> =>
  startSite(world, log, { name, changes: { operation: false, ...changes } });

/** An intermediary below the scripted server. */
const above = () =>
  start('site-top', {
    uplink: { url: server.url, serverName: 'server-1', firstPause: 0.05 },
    below: { host: '127.0.0.1', port: 0, names: ['site-a'] },
  });

const url = ({ belowPort }: Intermediary) => `https://127.0.0.1:${belowPort}`;

/** @spec T2 A1 */
test('an update for a device two floors down, over real sockets; its image is fetched once and served on', async () => {
  const top = await above();
  const leaf = await start('site-a', {
    uplink: { url: `${url(top)}/uplink`, serverName: 'site-top', role: 'intermediary', firstPause: 0.05 },
  });
  const device = await NetworkDevice.start(world, 'mfp-1');
  const client = device.secureClient(leaf.securePort);
  device.onRestart = async () => {
    await client.call('NotifyStart', device.startNotice());
  };
  await client.call('Register', { device: device.information });
  await server.until(() => server.devices.some(({ route }) => route?.node.join() === 'site-a'));
  server.request('job-1', 'mfp-1', {
    kind: 'UpdateSoftware',
    value: { signedManifest: sign(makeManifest()), deadlineSeconds: 60 },
  });
  const body = await server.answer('job-1');
  expect(body.value).toMatchObject({ state: 'verified', credential: 'erased' });
  expect(device.received).toBe(sha256(IMAGE));
  expect(server.imageRequests).toEqual([`/images/${sha256(IMAGE)}`]);
  expect(server.peers).toEqual(new Set(['intermediary site-top']));
});

test('whoever is not below is refused, and gets no image', async () => {
  const top = await above();
  const caller = async (identity: NodeIdentity) => {
    const node = await world.enrol(identity);
    const tls = clientTlsOptions(node, { expect: { role: 'intermediary', name: 'site-top' } });
    const soap = createSoapClient(uplinkContract, {
      url: `${url(top)}/uplink`,
      clock: systemClock,
      tls,
      deadline: Seconds(10),
    });
    const agent = new Agent({ connect: tls } as Agent.Options);
    afterThisTest(() => Promise.all([soap.close(), agent.destroy()]));
    const poll = soap.call('Poll', { sessionId: 's', holdSeconds: 0, capacity: 1 }).then(
      () => 'answered',
      (error: unknown) => errorCode(error, String(error)),
    );
    const { statusCode } = await request(`${url(top)}/images/${sha256(IMAGE)}`, { dispatcher: agent });
    return [await poll, statusCode];
  };
  expect(await caller({ role: 'intermediary', name: 'site-a' })).toEqual(['answered', 404]);
  expect(await caller({ role: 'intermediary', name: 'site-c' })).toEqual(['not-authorised', 403]);
  expect(await caller({ role: 'device', name: 'site-a' })).toEqual(['not-authorised', 403]);
});
