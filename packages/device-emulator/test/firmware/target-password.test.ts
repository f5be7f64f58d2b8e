import { describe, expect, test } from '@jest/globals';
import { PosternError } from '@postern/core';
import { LOOPBACK, manufacture, type Site, startSite, type TestDevice, UPDATER } from '../support/site.ts';
import { release } from '../support/software.ts';
import { login, plainClient, secureClient, update } from '../support/updater.ts';

const prepared = async (): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, { settings: { plain: LOOPBACK, updaters: ['tool-1'] } });
  await target.device.powerOn();
  return { site, target };
};

const REQUEST = { userName: UPDATER, jobId: 'job-1', lifetimeSeconds: 60 };

/** @spec U15 */
describe('a password that the device makes, asked for over TLS', () => {
  test('comes in the answer and opens the bulk path; asked again it is another one', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    const ask = () =>
      client.call('GenerateOneTimePassword', { ...REQUEST, signedManifest: release('2.0').signedManifest });
    const first = await ask();
    expect(first).toEqual({
      jobId: 'job-1',
      delivery: 'in-response',
      oneTimePassword: expect.stringMatching(/^[\w-]{43}$/),
      reportKey: expect.objectContaining({ length: 32 }),
      bulkPath: target.device.bulkPath,
      bulkPathKind: 'ftp',
      authenticatedReports: true,
      manifestChecked: true,
    });
    expect(await login(target, first.oneTimePassword ?? '')).toBe('accepted');
    const second = await ask();
    expect(await login(target, second.oneTimePassword ?? '')).toBe('accepted');
    expect(await login(target, first.oneTimePassword ?? '')).toBe('bulk-login-refused');
    expect(JSON.stringify(target.lines)).not.toContain(first.oneTimePassword);
  });

  test('is made anew for an order from the panel whose password was lost', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    const { signedManifest } = release('2.0');
    const jobId = `panel-${'0'.repeat(32)}`;
    const { oneTimePassword } = await client.call('GenerateOneTimePassword', {
      ...REQUEST,
      signedManifest,
      jobId,
    });
    expect(await login(target, oneTimePassword ?? '')).toBe('accepted');
  });

  test('is not made without a manifest or for another name', async () => {
    const { site, target } = await prepared();
    const client = secureClient(site.intermediaryNode, target);
    const { signedManifest } = release('2.0');
    const refused = (request: object, code: string) =>
      expect(
        client.call('GenerateOneTimePassword', { ...REQUEST, signedManifest, ...request }),
      ).rejects.toMatchObject({ code, kind: 'client' });
    await refused({ userName: 'site-b' }, 'not-authorised');
    await expect(client.call('GenerateOneTimePassword', REQUEST)).rejects.toMatchObject({
      code: 'manifest-required',
    });
  });

  test('carries a whole update', async () => {
    const { site, target } = await prepared();
    const outcome = await update(site, target, release('2.0'), { scheme: { passwordGenerator: 'target' } });
    expect(outcome.state.outcome).toEqual({ state: 'verified' });
    expect(outcome.state.erased).toBe(true);
  });
});

/** @spec U15 */
describe('a password that the device makes, asked for in plain HTTP', () => {
  const taken = (site: Site): string[] => {
    const passwords: string[] = [];
    site.intermediary.answers.StoreOneTimePassword = ({ jobId, oneTimePassword }) => {
      passwords.push(oneTimePassword);
      return {
        jobId,
        userName: UPDATER,
        signedManifest: release('2.0').signedManifest,
        nonce: 'ab'.repeat(16),
      };
    };
    return passwords;
  };

  test('goes to the intermediary over TLS, and the answer holds no secret', async () => {
    const { site, target } = await prepared();
    const passwords = taken(site);
    // What came in plain is not believed: this manifest would be refused.
    const forged = { ...REQUEST, signedManifest: Buffer.from('{}') };
    expect(await plainClient(target).call('GenerateOneTimePassword', forged)).toEqual({
      jobId: 'job-1',
      delivery: 'by-request',
      bulkPath: target.device.bulkPath,
      bulkPathKind: 'ftp',
      authenticatedReports: true,
      manifestChecked: true,
    });
    expect(site.intermediary.requests).toEqual([
      {
        path: 'secure',
        peer: { role: 'device', name: 'mfp-1' },
        operation: 'StoreOneTimePassword',
        notice: {
          jobId: 'job-1',
          manifestChecked: true,
          oneTimePassword: passwords[0],
          lifetimeSeconds: 60,
          reportKey: expect.objectContaining({ length: 32 }),
          bulkPath: target.device.bulkPath,
          bulkPathKind: 'ftp',
        },
      },
    ]);
    expect(await login(target, passwords[0] ?? '')).toBe('accepted');
  });

  test.each<[string, (site: Site) => void, string]>([
    [
      'the intermediary refuses it',
      ({ intermediary }) => {
        intermediary.answers.StoreOneTimePassword = () => {
          throw new PosternError('scheme-not-allowed', 'Nobody asked for it');
        };
      },
      'scheme-not-allowed',
    ],
    [
      'the manifest is no good',
      ({ intermediary }) => {
        const signedManifest = release('2.0').signedManifest;
        const damaged = Buffer.from(String(Buffer.from(signedManifest)).replace('"sig":"', '"sig":"AAAA'));
        intermediary.answers.StoreOneTimePassword = ({ jobId }) => ({
          jobId,
          userName: UPDATER,
          signedManifest: damaged,
        });
      },
      'manifest-signature-invalid',
    ],
    [
      'no manifest came',
      ({ intermediary }) => {
        intermediary.answers.StoreOneTimePassword = ({ jobId }) => ({ jobId, userName: UPDATER });
      },
      'manifest-required',
    ],
    [
      'it is taken for another user',
      ({ intermediary }) => {
        intermediary.answers.StoreOneTimePassword = ({ jobId }) => ({
          jobId,
          userName: 'site-b',
          signedManifest: release('2.0').signedManifest,
        });
      },
      'answer-mismatched',
    ],
  ])('is not kept when %s', async (_, arrange, code) => {
    const { site, target } = await prepared();
    arrange(site);
    await expect(plainClient(target).call('GenerateOneTimePassword', REQUEST)).rejects.toMatchObject({
      code,
    });
    const { notice } = site.intermediary.requests[0] ?? { notice: {} };
    const { oneTimePassword } = notice as { oneTimePassword: string };
    expect(await login(target, oneTimePassword)).toBe('bulk-login-refused');
  });

  test('is made once for requests that come together; another job has to wait', async () => {
    const { site, target } = await prepared();
    let release_: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release_ = resolve;
    });
    let arrived: () => void = () => {};
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    site.intermediary.answers.StoreOneTimePassword = async ({ jobId }) => {
      arrived();
      await held;
      return { jobId, userName: UPDATER, signedManifest: release('2.0').signedManifest };
    };
    const client = plainClient(target);
    const first = client.call('GenerateOneTimePassword', REQUEST);
    await called;
    const again = client.call('GenerateOneTimePassword', REQUEST);
    await expect(
      client.call('GenerateOneTimePassword', { ...REQUEST, jobId: 'job-2' }),
    ).rejects.toMatchObject({ code: 'exchange-under-way' });
    release_();
    expect(await again).toEqual(await first);
    expect(site.intermediary.requests).toHaveLength(1);
  });

  test('is not made for anybody but the intermediary, nor under the name of an order from the panel', async () => {
    const { site, target } = await prepared();
    const refused = (request: object, code: string) =>
      expect(
        plainClient(target).call('GenerateOneTimePassword', { ...REQUEST, ...request }),
      ).rejects.toMatchObject({ code, kind: 'client' });
    await refused({ userName: 'tool-1' }, 'not-authorised');
    await refused({ jobId: `panel-${'0'.repeat(32)}` }, 'job-reserved');
    expect(site.intermediary.requests).toEqual([]);
  });
});
