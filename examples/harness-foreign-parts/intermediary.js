// An intermediary that is not Postern's, as small as one can be: it knows its devices, tells them to whoever is above, and passes
// GetCounters on to them. It speaks the contracts with Postern's codecs; any other SOAP toolkit does as well (../clients).
import { deviceContract, intermediaryContract, uplinkContract } from '@postern/contracts';
import {
  errorCode,
  errorMessage,
  PosternError,
  Seconds,
  silentLogger,
  sleep,
  systemClock,
} from '@postern/core';
import { clientTlsOptions, openNodeIdentity, peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapClient, createSoapListener, createSoapService, everyOperation } from '@postern/soap-rpc';

const { identityDir, host, uplinkUrl, above } = JSON.parse(process.argv[2]);
const clock = systemClock;
const logger = silentLogger;
const node = await openNodeIdentity({ directory: identityDir, clock });

// Down: what devices call.
const devices = new Map();
let revision = 0;
const refuse = async (_, { operation }) => {
  throw new PosternError('not-offered', `This intermediary does not offer ${operation}`);
};
const handlers = {
  ...everyOperation(intermediaryContract, refuse),
  Register: async ({ device }) => {
    devices.set(device.deviceId, device);
    revision += 1;
    return { active: true, intermediaryId: node.identity.name };
  },
  NotifyStart: async () => ({}),
};
const service = createSoapService(intermediaryContract, handlers, { logger });
const listen = (tls) =>
  createSoapListener({
    services: { '/intermediary': service },
    ...(tls && { tls, peerIdentity }),
    ...{ host, port: 0, clock, logger },
  });
const secure = await listen(serverTlsOptions(node, { clientAuthentication: 'required' }));
const notice = await listen(undefined);
console.log(JSON.stringify({ securePort: secure.port, noticePort: notice.port }));

const askDevice = async ({ target, body }) => {
  const { securePath } = devices.get(target) ?? {};
  if (body.kind !== 'GetCounters' || securePath === undefined) {
    throw new PosternError('not-offered', `This intermediary does not offer ${body.kind} of ${target}`);
  }
  const client = createSoapClient(deviceContract, {
    url: `https://${securePath.host}:${securePath.port}/device`,
    tls: clientTlsOptions(node, { expect: { role: 'device', name: target } }),
    clock,
  });
  try {
    return { kind: 'GetCountersResponse', value: await client.call('GetCounters', body.value) };
  } finally {
    await client.close();
  }
};

const failure = (error) => ({
  kind: 'Failure',
  value: { code: errorCode(error, 'internal-error'), text: errorMessage(error) },
});

// Up: polls that bring what waits, and take what is asked. What is not acknowledged is brought again.
const uplink = createSoapClient(uplinkContract, {
  url: uplinkUrl,
  tls: clientTlsOptions(node, { expect: above }),
  clock,
});
const responses = new Map();
let told = 0;
const poll = async () => {
  const device = [...devices.values()].map((information) => ({ information, active: true }));
  const telling = revision;
  const answer = await uplink.call('Poll', {
    sessionId: `session-${process.pid}`,
    holdSeconds: 1,
    capacity: 10,
    ...(responses.size > 0 && { responses: { response: [...responses.values()] } }),
    ...(told !== telling && { devices: { revision: telling, complete: true, device } }),
  });
  told = telling;
  for (const id of answer.acknowledged?.id ?? []) responses.delete(id);
  for (const request of answer.requests?.request ?? []) {
    const { requestId } = request;
    const body = await askDevice(request).catch(failure);
    responses.set(requestId, { requestId, at: clock.now(), body });
  }
};
for (;;) {
  // The line may be down: the next poll comes soon.
  await poll().catch(() => sleep(clock, Seconds(0.2)));
}
