import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { silentLogger, systemClock } from '@postern/core';
import { parseConfig } from '@postern/intermediary';
import { ADDRESS, alive, MailWorld, SITE, sendTo } from './support/mail.ts';
import { NetworkDevice } from './support/network-device.ts';
import { ScriptedServer } from './support/scripted-server.ts';
import { startSite } from './support/started-site.ts';
import { World } from './support/world.ts';

const basic = {
  dataDir: 'data',
  identityDir: 'identity',
  secure: { host: '127.0.0.1', port: 0 },
  notice: { host: '127.0.0.1', port: 0 },
  vendorKeyFiles: ['vendor.pub'],
};
const mail = { listen: { host: '127.0.0.1', port: 0 }, address: ADDRESS, allowedHosts: ['127.0.0.1'] };

/** @spec R9 R1 */
test('a request that comes by mail is carried out and answered by the uplink; by poll it comes once too often', async () => {
  const world = await World.make();
  const server = await ScriptedServer.start(world);
  await world.enrol(SITE);
  const mails = await MailWorld.make(world.directory, systemClock);
  await mails.identity(SITE);
  expect((await stat(join(world.identityDirectory(SITE), 'mail.key'))).mode & 0o777).toBe(0o600);
  const site = await startSite(world, silentLogger, { server, changes: { mail } });
  const device = await NetworkDevice.start(world, 'mfp-1');
  await device.secureClient(site.securePort).call('Register', { device: device.information });

  expect(await sendTo(site.mail?.port ?? 0, await mails.seal())).toBe('250 2.0.0 stored');
  expect((await server.answer('r1')).kind).toBe('ConfirmAliveResponse');
  await server.until(() => server.polls.some(({ received }) => received?.id.includes('r1')));
  const polls = server.polls.length;
  server.request('r1', 'mfp-1', alive('r1').body);
  await server.until(() => server.polls.slice(polls).some(({ received }) => received?.id.includes('r1')));
  const answers = server.polls.flatMap(({ responses }) => responses?.response ?? []);
  expect(answers.map(({ requestId }) => requestId)).toEqual(['r1']);
});

/** @spec R9 */
test.each([
  ['without a way up for answers', { mail }, 'mail: needs `uplink`'],
  ['from hosts by name', { mail: { ...mail, allowedHosts: ['relay.example.org'] } }, 'mail.allowedHosts.0'],
  ['from nobody', { mail: { ...mail, allowedHosts: [] } }, 'mail.allowedHosts'],
  ['to no address', { mail: { ...mail, address: 'site-a' } }, 'mail.address'],
])('mail %s is no configuration', (_, changes, message) => {
  expect(() => parseConfig({ ...basic, ...changes })).toThrow(message);
});
