import { describe, expect, test } from '@jest/globals';
import { corruptSlot } from '@postern/device-emulator';
import { startIntermediary, type TestIntermediary } from './support/intermediary.ts';
import { manufacture, type Site, startSite, type TestDevice, UPDATER } from './support/site.ts';
import { release } from './support/software.ts';
import { newPassword, secureClient } from './support/updater.ts';

/** A device with an open job of a stand-alone tool that takes start notifications itself. */
const prepared = async (): Promise<{ site: Site; target: TestDevice; tool: TestIntermediary }> => {
  const site = await startSite();
  const target = await manufacture(site, { settings: { updaters: ['tool-1'] } });
  const announced = target.next('announced');
  await target.device.powerOn();
  await announced;
  const node = await site.enrol('intermediary', 'tool-1');
  const tool = await startIntermediary(node);
  await secureClient(node, target).call('StoreOneTimePassword', {
    userName: 'tool-1',
    oneTimePassword: newPassword(),
    lifetimeSeconds: 60,
    jobId: 'job-1',
    signedManifest: release('2.0').signedManifest,
    reportKey: Buffer.alloc(32, 7),
    nonce: 'ab'.repeat(16),
    notifyStartAt: { host: '127.0.0.1', port: Number(new URL(tool.noticeUrl).port) },
  });
  await target.device.powerOff();
  return { site, target, tool };
};

/** @spec U6 U20 */
describe('a start while the job of a stand-alone updater is open', () => {
  test('is notified to that updater, and to the intermediary of the device', async () => {
    const { site, target, tool } = await prepared();
    const [there, here] = [tool.nextStart(), site.intermediary.nextStart()];
    await target.device.powerOn();
    const job = { jobId: 'job-1', mac: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(await there).toMatchObject({
      path: 'plain',
      notice: { deviceId: 'mfp-1', program: 'firmware', bulkPath: target.device.bulkPath, ...job },
    });
    expect(await here).toMatchObject({ path: 'secure', notice: { deviceId: 'mfp-1', ...job } });
  });

  test('is repeated until that updater accepts it', async () => {
    const { target, tool } = await prepared();
    tool.refusals = 1;
    const there = tool.nextStart();
    await target.device.powerOn();
    expect(await there).toMatchObject({ notice: { jobId: 'job-1' } });
  });

  /** @spec D5 */
  test('is notified by the updater program as well', async () => {
    const { site, target, tool } = await prepared();
    await corruptSlot(target.settings.directory, 'A');
    const [there, here] = [tool.nextStart(), site.intermediary.nextStart()];
    await target.device.powerOn();
    expect(await there).toMatchObject({
      path: 'plain',
      notice: { program: 'updater-program', jobId: 'job-1' },
    });
    expect(await here).toMatchObject({ path: 'plain', notice: { program: 'updater-program' } });
  });
});

test('a start without such a job goes to the intermediary only', async () => {
  const { site, target, tool } = await prepared();
  await target.device.powerOn();
  await secureClient(site.intermediaryNode, target).call('StoreOneTimePassword', {
    userName: UPDATER,
    oneTimePassword: newPassword(),
    lifetimeSeconds: 60,
    jobId: 'job-2',
    signedManifest: release('2.0').signedManifest,
  });
  await target.device.powerOff();
  const before = tool.starts.length;
  const announced = target.next('announced');
  await target.device.powerOn();
  await announced;
  expect(tool.starts).toHaveLength(before);
});
