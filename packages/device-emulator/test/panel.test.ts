import { describe, expect, test } from '@jest/globals';
import { Milliseconds, PosternError, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { manufacture, type Site, startSite, type TestDevice, UPDATER } from './support/site.ts';
import { release } from './support/software.ts';
import { login, secureClient } from './support/updater.ts';

const prepared = async (): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site);
  await target.device.powerOn();
  return { site, target };
};

const ORDER_ID = expect.stringMatching(/^panel-[0-9a-f]{32}$/);

/** @spec U16 */
describe('an update ordered at the panel, with the password of the intermediary', () => {
  test('is asked for over the secure path and shown', async () => {
    const { site, target } = await prepared();
    site.intermediary.answers.RequestOneTimePassword = () => ({ accepted: true, jobId: 'local-7' });
    expect(await target.device.orderUpdate()).toEqual({
      orderId: ORDER_ID,
      outcome: 'accepted',
      jobId: 'local-7',
      text: 'Update ordered: local-7',
    });
    expect(site.intermediary.requests).toMatchObject([
      { path: 'secure', peer: { role: 'device', name: 'mfp-1' }, notice: { orderId: ORDER_ID } },
    ]);
    expect(target.device.panel.at(-1)).toBe('Update ordered: local-7');
    expect(target.events).toContainEqual(expect.objectContaining({ type: 'order', outcome: 'accepted' }));
    expect(target.events).toContainEqual({ type: 'panel', line: 'Update ordered: local-7' });
  });

  test('is shown as refused, with the reason of the intermediary', async () => {
    const { site, target } = await prepared();
    const failure = { code: 'no-software', message: 'Nothing newer is on the shelf' };
    site.intermediary.answers.RequestOneTimePassword = () => ({ accepted: false, failure });
    expect(await target.device.orderUpdate()).toMatchObject({ outcome: 'refused', code: 'no-software' });
    expect(target.device.panel.at(-1)).toBe('No update: Nothing newer is on the shelf');
  });

  test('is one order, however often the key is pressed meanwhile', async () => {
    const { site, target } = await prepared();
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    site.intermediary.answers.RequestOneTimePassword = async () => {
      await held;
      return { accepted: true, jobId: 'local-7' };
    };
    const presses = [target.device.orderUpdate(), target.device.orderUpdate({ generator: 'target' })];
    answer();
    const [first, second] = await Promise.all(presses);
    expect(second).toEqual(first);
    expect(site.intermediary.requests).toHaveLength(1);
    expect((await target.device.orderUpdate()).orderId).not.toBe(first?.orderId);
  });
});

/** @spec U17 */
describe('an update ordered at the panel, with the password of the device', () => {
  test('hands the password over and keeps it with the manifest of the answer', async () => {
    const { site, target } = await prepared();
    let password = '';
    site.intermediary.answers.StoreOneTimePassword = ({ jobId, oneTimePassword }) => {
      password = oneTimePassword;
      return { jobId, userName: UPDATER, signedManifest: release('2.0').signedManifest };
    };
    const { jobId, ...result } = await target.device.orderUpdate({ generator: 'target' });
    expect(result).toMatchObject({ orderId: jobId, outcome: 'accepted' });
    expect(await login(target, password)).toBe('accepted');
    expect(JSON.stringify([target.lines, target.events, target.device.panel])).not.toContain(password);
  });

  test('opens the bulk path for an intermediary that comes before the device has kept the password', async () => {
    const { site, target } = await prepared();
    let early: Promise<string> = Promise.resolve('');
    site.intermediary.answers.StoreOneTimePassword = async ({ jobId, oneTimePassword }) => {
      early = login(target, oneTimePassword);
      // The login reaches the device long before this answer does.
      for (let turns = 0; turns < 200; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      return { jobId, userName: UPDATER, signedManifest: release('2.0').signedManifest };
    };
    await target.device.orderUpdate({ generator: 'target' });
    expect(await early).toBe('accepted');
  });

  test('leaves no password when the order is refused', async () => {
    const { site, target } = await prepared();
    let password = '';
    site.intermediary.answers.StoreOneTimePassword = ({ oneTimePassword }) => {
      password = oneTimePassword;
      throw new PosternError('no-software', 'Nothing newer is on the shelf');
    };
    expect(await target.device.orderUpdate({ generator: 'target' })).toMatchObject({
      outcome: 'refused',
      code: 'no-software',
    });
    expect(await login(target, password)).toBe('bulk-login-refused');
  });
});

describe('an order that nobody answers', () => {
  /** @spec U16 U17 */
  test.each(['updater', 'target'] as const)('is given up in time and shown (%s)', async (generator) => {
    const site = await startSite();
    const clock = new VirtualClock(systemClock.now());
    const { device } = await manufacture(site, { clock });
    await device.powerOn();
    await site.intermediary.close();
    let result: unknown;
    const order = device.orderUpdate({ generator }).then((ended) => {
      result = ended;
    });
    while (result === undefined) {
      // Little at a time: refused connections are real, and take their turns.
      await clock.advance(Milliseconds(50));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await order;
    expect(result).toMatchObject({ outcome: 'failed', code: 'unreachable' });
    expect(device.panel.at(-1)).toContain('Cannot reach');
  });

  test('is the same order with every try', async () => {
    const { site, target } = await prepared();
    let tries = 0;
    site.intermediary.answers.RequestOneTimePassword = () => {
      tries += 1;
      if (tries === 1) throw new PosternError('connection-lost', 'As if the answer had been lost');
      return { accepted: true, jobId: 'local-7' };
    };
    expect(await target.device.orderUpdate()).toMatchObject({ outcome: 'accepted' });
    const ids = site.intermediary.requests.map(({ notice }) => (notice as { orderId: string }).orderId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test('is shown when the device is off', async () => {
    const target = await manufacture(await startSite());
    expect(await target.device.orderUpdate()).toMatchObject({
      outcome: 'failed',
      code: 'firmware-not-running',
    });
    expect(target.device.panel.at(-1)).toContain('does not run');
  });
});

test('a result is shown on the panel, which keeps the last lines only', async () => {
  const { site, target } = await prepared();
  const client = secureClient(site.intermediaryNode, target);
  for (let count = 1; count <= 25; count += 1) {
    await client.call('ShowResult', { inReplyTo: 'call-1', outcome: 'succeeded', text: `Result ${count}` });
  }
  expect(target.device.panel).toHaveLength(20);
  expect(target.device.panel.at(-1)).toBe('Result 25');
});
