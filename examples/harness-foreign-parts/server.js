// A management server that is not Postern's, as small as one can be: it takes polls, and asks every device that it hears of
// for its counters. It speaks the contract with Postern's codecs; any other SOAP toolkit does as well (../clients).
import { uplinkContract } from '@postern/contracts';
import { PosternError, silentLogger, systemClock } from '@postern/core';
import { openNodeIdentity, peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener, createSoapService, everyOperation } from '@postern/soap-rpc';

const { identityDir, host } = JSON.parse(process.argv[2]);
const clock = systemClock;
const logger = silentLogger;
const node = await openNodeIdentity({ directory: identityDir, clock });
const say = (line) => console.log(JSON.stringify(line));

/** Requests that have no response yet, by device. */
const open = new Map();

const handlers = {
  ...everyOperation(uplinkContract, async (_, { operation }) => {
    throw new PosternError('not-offered', `This server does not offer ${operation}`);
  }),
  Poll: async ({ devices, responses }) => {
    for (const { information } of devices?.device ?? []) {
      const { deviceId: target } = information;
      const body = { kind: 'GetCounters', value: {} };
      open.set(target, { requestId: `counters-of-${target}`, target, expiresInSeconds: 60, body });
    }
    const answered = responses?.response ?? [];
    for (const { requestId, body } of answered) {
      open.delete(requestId.replace('counters-of-', ''));
      say({ requestId, ...body });
    }
    return {
      nextPollSeconds: 1,
      ...(answered.length > 0 && { acknowledged: { id: answered.map(({ requestId }) => requestId) } }),
      requests: { request: [...open.values()] },
      ...(devices && { devicesRevision: devices.revision }),
    };
  },
};

const { port } = await createSoapListener({
  services: { '/uplink': createSoapService(uplinkContract, handlers, { logger }) },
  tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
  ...{ host, port: 0, clock, logger, peerIdentity },
});
say({ uplink: { host, port } });
