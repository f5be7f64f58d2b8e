import { randomBytes } from 'node:crypto';
import { deviceContract } from '@postern/contracts';
import { errorCode } from '@postern/core';
import { clientTlsOptions, openNodeIdentity } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import type { Endpoint } from '../../../tcp/listener.ts';
import { FtpCaller } from '../ftp-caller.ts';
import type { AttackerProgram, Means } from '../program.ts';

export interface RogueUpdaterKnowledge {
  readonly deviceId: string;
  readonly userName: string;
  readonly bulk: Endpoint;
  /** Component → what it sends. */
  readonly images: Readonly<Record<string, Uint8Array>>;
  /** The conventional scheme: what both sides were given. */
  readonly password?: string;
  /** Otherwise: the intermediary's identity and the device's secure path. */
  readonly identityDir?: string;
  readonly secure?: Endpoint;
  /** A genuine manifest, where it has one that fits its purpose. */
  readonly signedManifest?: Uint8Array;
}

/** What the device answered. */
export interface RogueUpdaterReport {
  /** `stored`, or the code of the refusal. */
  readonly shared: string;
  readonly login: string;
  /** The last reply to an image. */
  readonly upload: string;
}

/** Has become the updater: a compromised intermediary, or whoever runs the update tool of the conventional scheme. */
export const rogueUpdater: AttackerProgram = async (means) => {
  const { bulk, userName, images, password } = means.knows as RogueUpdaterKnowledge;
  const secret = password ?? randomBytes(32).toString('base64url');
  const shared = password === undefined ? await share(means, secret) : 'stored';
  const report = (login: string, upload: string): void =>
    means.channel.say('report', { shared, login, upload });
  const caller = await FtpCaller.open(bulk);
  const login = await caller.login(userName, secret);
  let upload = '';
  if (login.startsWith('230')) {
    for (const [component, image] of Object.entries(images)) {
      upload = await caller.upload(`image.${component}`, image);
      if (!upload.startsWith('226')) break;
    }
    if (upload.startsWith('226')) await caller.closed;
  }
  caller.close();
  report(login, upload);
};

const share = async ({ clock, knows }: Means, oneTimePassword: string): Promise<string> => {
  const { identityDir = '', secure, deviceId, userName, signedManifest } = knows as RogueUpdaterKnowledge;
  const node = await openNodeIdentity({ directory: identityDir, clock });
  const client = createSoapClient(deviceContract, {
    url: `https://${secure?.host}:${secure?.port}/device`,
    clock,
    tls: clientTlsOptions(node, { expect: { role: 'device', name: deviceId } }),
  });
  try {
    await client.call('StoreOneTimePassword', {
      userName,
      oneTimePassword,
      lifetimeSeconds: 60,
      jobId: 'rogue-job',
      reportKey: randomBytes(32),
      nonce: randomBytes(16).toString('hex'),
      ...(signedManifest === undefined ? {} : { signedManifest }),
    });
    return 'stored';
  } catch (error) {
    return errorCode(error, 'unknown');
  } finally {
    await client.close();
  }
};
