import { request } from 'node:https';
import { deviceContract, type uplink, uplinkContract } from '@postern/contracts';
import { type Clock, errorCode } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, openNodeIdentity } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import type { AttackerProgram } from '../program.ts';

export interface StolenIntermediaryKnowledge {
  /** Of an intermediary. */
  readonly identityDir: string;
  readonly uplinkPort: number;
  /** The device whose requests it wants. */
  readonly deviceId: string;
  readonly model: string;
  /** Digest of an image that it wants. */
  readonly sha256: string;
  /** Where the device serves its secure path. */
  readonly devicePort?: number | undefined;
}

export interface StolenIntermediaryReport {
  /** What came of claiming the device as its own: requests that came down, or a code. */
  readonly requests: readonly string[];
  /** HTTP status of the answer to the image's address; 0 without an answer. */
  readonly image: number;
  /** What came of sharing a password with the device: its answer, or a code. */
  readonly shared: string;
}

/** Gives the device a password of its own. */
const share = async (node: EnrolledNode, deviceId: string, port: number, clock: Clock): Promise<string> => {
  const client = createSoapClient(deviceContract, {
    url: `https://127.0.0.1:${port}/device`,
    clock,
    tls: clientTlsOptions(node, { expect: { role: 'device', name: deviceId } }),
  });
  const request = {
    userName: node.identity.name,
    oneTimePassword: 'stolen-stolen-stolen-stolen',
    lifetimeSeconds: 600,
    jobId: 'stolen',
  };
  try {
    await client.call('StoreOneTimePassword', request);
    return 'accepted';
  } catch (error) {
    return errorCode(error, 'unknown');
  } finally {
    await client.close();
  }
};

/** Has the certificate and key of an intermediary: polls for requests, and calls a device. */
export const stolenIntermediary: AttackerProgram = async ({ channel, clock, knows }) => {
  const { identityDir, uplinkPort, deviceId, model, sha256, devicePort } =
    knows as StolenIntermediaryKnowledge;
  const node = await openNodeIdentity({ directory: identityDir, clock });
  const tls = clientTlsOptions(node, { expect: { role: 'server' } });
  const client = createSoapClient(uplinkContract, {
    url: `https://127.0.0.1:${uplinkPort}/uplink`,
    clock,
    tls,
  });
  const claim: uplink.DeviceChanges = {
    revision: 1,
    complete: true,
    device: [
      { information: { deviceId, model, components: { item: [] }, bulkPathKind: 'ftp' }, active: true },
    ],
  };
  const requests: string[] = [];
  for (const devices of [claim, undefined]) {
    const poll = { sessionId: 'stolen', holdSeconds: 0, capacity: 10, ...(devices && { devices }) };
    await client.call('Poll', poll).then(
      (answer) => requests.push(...(answer.requests?.request ?? []).map(({ target }) => target)),
      (error: unknown) => requests.push(errorCode(error, 'unknown')),
    );
  }
  const image = await new Promise<number>((resolve) => {
    const path = `/images/${sha256}`;
    request({ host: '127.0.0.1', port: uplinkPort, path, ...tls }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', () => resolve(0))
      .end();
  });
  const shared = devicePort === undefined ? 'not tried' : await share(node, deviceId, devicePort, clock);
  channel.say('report', { requests, image, shared });
};
