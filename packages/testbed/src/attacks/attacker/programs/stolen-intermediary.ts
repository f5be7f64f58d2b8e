import { request } from 'node:https';
import { type uplink, uplinkContract } from '@postern/contracts';
import { errorCode } from '@postern/core';
import { clientTlsOptions, openNodeIdentity } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import type { AttackerProgram } from '../program.ts';

export interface StolenIntermediaryKnowledge {
  /** Of another site's intermediary. */
  readonly identityDir: string;
  readonly uplinkPort: number;
  /** The device whose requests it wants. */
  readonly deviceId: string;
  readonly model: string;
  /** Digest of an image that it wants. */
  readonly sha256: string;
}

export interface StolenIntermediaryReport {
  /** What came of claiming the device as its own: requests that came down, or a code. */
  readonly requests: readonly string[];
  /** HTTP status of the answer to the image's address. */
  readonly image: number;
}

/** Has the certificate and key of another site's intermediary: polls for requests that are not its own. */
export const stolenIntermediary: AttackerProgram = async ({ channel, clock, knows }) => {
  const { identityDir, uplinkPort, deviceId, model, sha256 } = knows as StolenIntermediaryKnowledge;
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
  const image = await new Promise<number>((resolve, reject) => {
    const path = `/images/${sha256}`;
    request({ host: '127.0.0.1', port: uplinkPort, path, ...tls }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
  channel.say('report', { requests, image });
};
