import type { TLSSocket } from 'node:tls';
import {
  type DeviceOperations,
  deviceContract,
  type IntermediaryOperations,
  type intermediary,
  intermediaryContract,
  type uplink,
  uplinkContract,
} from '@postern/contracts';
import {
  type Closers,
  errorCode,
  errorMessage,
  Milliseconds,
  type NodeIdentity,
  PosternError,
  randomId,
  Seconds,
  silentLogger,
  systemClock,
  systemEntropy,
  withDeadline,
} from '@postern/core';
import { clientTlsOptions, type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  createSoapClient,
  createSoapListener,
  createSoapService,
  everyOperation,
  type SoapClient,
  type SoapHandlers,
  type SoapService,
} from '@postern/soap-rpc';
import { update } from './flawed-updater.ts';
import { type Answered, FlawedUplink, type Waiting } from './flawed-uplink.ts';
import { marred, type ServiceFlaw } from './marred-service.ts';

/** What an intermediary does wrong, one at a time. */
export type IntermediaryFlaw =
  | ServiceFlaw
  | 'asks-no-certificate'
  | 'speaks-plain'
  | 'has-another-name'
  | 'trusts-any-ca'
  | 'trusts-any-role'
  | 'polls-at-once'
  | 'gives-up-holding'
  | 'tells-no-changes'
  | 'tells-changes-only'
  | 'answers-by-itself'
  | 'receives-silently'
  | 'does-twice'
  | 'passes-no-identifiers'
  | 'forgets-responses'
  | 'sends-no-delay-notices'
  | 'hides-refusals'
  | 'waits-for-ever'
  | 'answers-for-anybody'
  | 'ignores-routes'
  | 'tells-another-route'
  | 'answers-calls-itself'
  | 'shows-nothing'
  | 'waits-for-the-server'
  | 'marks-no-missed-calls'
  | 'receives-no-answers'
  | 'alters-notices'
  | 'delivers-backwards'
  | 'delivers-repetitions'
  | 'takes-reused-names'
  | 'gives-up-deliveries'
  | 'forwards-before-it-reads'
  | 'takes-any-name'
  | 'updates-nothing'
  | 'fetches-twice'
  | 'logs-in-wrongly'
  | 'sends-at-once'
  | 'believes-at-once'
  | 'keeps-passwords'
  | 'tells-no-steps'
  | 'writes-manifests-anew'
  | 'has-one-nonce'
  | 'has-one-password'
  | 'shares-again'
  | 'believes-any-report'
  | 'installs-anything'
  | 'claims-full';

export interface FlawedIntermediaryOptions {
  readonly node: EnrolledNode;
  readonly uplinkUrl: string;
  readonly vendorKeyPem: string;
  readonly closers: Closers;
  readonly flaw?: IntermediaryFlaw | undefined;
}

type Device = intermediary.Register['device'];
type Said = Extract<uplink.DeliverBody['kind'], 'UserCall' | 'NotifySupply' | 'NotifyAbnormality'>;

/** How long the answer of the server is waited for before a device is told that its call failed. */
const ANSWER_WITHIN = Milliseconds(200);
const DELAY_NOTICE_AFTER = Milliseconds(100);
const RESTART_LIMIT = Seconds(5);
const CHANGING: readonly string[] = ['SetParameters', 'ExecuteCommand', 'ShowResult'];

/** A small intermediary that keeps the whole contract, but for its flaw. */
export const startFlawedIntermediary = async (
  options: FlawedIntermediaryOptions,
): Promise<{ readonly port: number }> => {
  const { node, closers, flaw } = options;
  const { name } = node.identity;
  const ending = new AbortController();
  const { signal } = ending;
  const devices = new Map<string, Device>();
  const clients = new Map<string, SoapClient<DeviceOperations>>();
  const requests = new Set<string>();
  const said = new Map<string, { readonly content: string; readonly answer: Promise<Answered> }>();
  const shown = new Set<string>();
  const starts: (() => void)[] = [];

  const server = createSoapClient(uplinkContract, {
    url: options.uplinkUrl,
    tls: uplinkTls(node, flaw),
    clock: systemClock,
    connections: 3,
    deadline: Seconds(60),
  });
  const up = new FlawedUplink({
    client: server,
    name,
    flaw,
    signal,
    onRequest: (request) => {
      up.received(request.requestId);
      if (requests.has(request.requestId) && flaw !== 'does-twice') return;
      requests.add(request.requestId);
      void carryOut(request).then((body) => up.answer(request.requestId, body));
    },
    onDeferred: ({ deliveryId, deviceId, answer }) => {
      if (flaw !== 'receives-no-answers') up.received(deliveryId);
      void show(deviceId, answer);
    },
  });

  const deviceOf = (id: string): SoapClient<DeviceOperations> => {
    const place = devices.get(id)?.securePath;
    if (place === undefined) throw new PosternError('device-unknown', `There is no device ${id}`);
    const url = `https://${place.host}:${place.port}/device`;
    const made =
      clients.get(id) ??
      createSoapClient(deviceContract, {
        url,
        tls: clientTlsOptions(node, { expect: { role: 'device', name: id } }),
        clock: systemClock,
        connections: 2,
      });
    clients.set(id, made);
    return made;
  };

  const show = async (deviceId: string, answer: intermediary.Answer): Promise<void> => {
    if (flaw === 'shows-nothing' || shown.has(answer.inReplyTo)) return;
    shown.add(answer.inReplyTo);
    await deviceOf(deviceId)
      .call('ShowResult', answer, { signal })
      .catch(() => {});
  };

  const carryOut = async (request: uplink.Request): Promise<uplink.ResponseBody> => {
    const delay = systemClock.schedule(DELAY_NOTICE_AFTER, () => up.delayed(request.requestId));
    try {
      return await answerOf(request);
    } catch (error) {
      const code = flaw === 'hides-refusals' ? 'device-unreachable' : errorCode(error, 'internal-error');
      return { kind: 'Failure', value: { code, message: errorMessage(error).slice(0, 200) } };
    } finally {
      delay.cancel();
    }
  };

  const answerOf = async ({
    requestId,
    target,
    route,
    expiresInSeconds,
    body,
  }: uplink.Request): Promise<uplink.ResponseBody> => {
    if (route?.node.includes(name) && flaw !== 'ignores-routes') {
      throw new PosternError('route-loop', 'That way leads here');
    }
    if (flaw === 'answers-for-anybody' && !devices.has(target)) return CANNED['GetCounters'] ?? fail();
    const device = deviceOf(target);
    const canned = flaw === 'answers-by-itself' ? CANNED[body.kind] : undefined;
    if (canned !== undefined) return canned;
    if (body.kind === 'UpdateSoftware') {
      up.delayed(requestId);
      const untilStarted = () =>
        withDeadline(systemClock, RESTART_LIMIT, 'The restart', signal, () => {
          return new Promise<void>((resolve) => starts.push(resolve));
        });
      const store = (wanted: Parameters<typeof device.call<'StoreOneTimePassword'>>[1]) =>
        device.call('StoreOneTimePassword', wanted, { signal });
      const parts = { ...options, flaw, store, deviceId: target, untilStarted, signal };
      return update(parts, requestId, body.value);
    }
    if (!Object.hasOwn(deviceContract.operations, body.kind)) {
      throw new PosternError('not-supported-yet', `${body.kind} is not done here`);
    }
    const identified = CHANGING.includes(body.kind) && flaw !== 'passes-no-identifiers';
    const content: object = { ...body.value, ...(identified ? { requestId } : {}) };
    const limit = flaw === 'waits-for-ever' ? Seconds(60) : Seconds(expiresInSeconds);
    const value = await withDeadline(systemClock, limit, 'The device', signal, (bounded) =>
      device.call(body.kind as 'GetCounters', content, { signal: bounded, deadline: Seconds(60) }),
    );
    return { kind: `${body.kind}Response`, value } as uplink.ResponseBody;
  };

  const say = (kind: Said, ownId: string, deviceId: string, value: object): Promise<Answered> => {
    const repeated = flaw === 'delivers-repetitions' ? `.${randomId(systemEntropy).slice(0, 8)}` : '';
    const deliveryId = `${deviceId}.${ownId}${repeated}`;
    const content = JSON.stringify(value);
    const before = said.get(deliveryId);
    if (before !== undefined && before.content !== content && flaw !== 'takes-reused-names') {
      throw new PosternError('delivery-reused', 'That was something else before');
    }
    if (before !== undefined) return before.answer;
    const answer = new Promise<Answered>((resolve) => {
      const told = flaw === 'alters-notices' ? { ...value, at: systemClock.now() } : value;
      const body = { kind, value: told } as uplink.DeliverBody;
      let silent = false;
      const waiting: Waiting = {
        deliveryId,
        deviceId,
        body,
        onAnswer: (answered) => {
          timer?.cancel();
          resolve(answered);
          if (silent && kind === 'UserCall') void show(deviceId, { ...answered, inReplyTo: ownId });
        },
      };
      const giveUp = (): void => {
        silent = true;
        waiting.answeredAs = 'failed';
        resolve({ outcome: 'failed', text: 'nobody answers' });
      };
      const timer =
        kind !== 'UserCall' || flaw === 'waits-for-the-server'
          ? undefined
          : systemClock.schedule(ANSWER_WITHIN, giveUp);
      up.deliver(waiting);
    });
    said.set(deliveryId, { content, answer });
    return answer;
  };

  const named = (peer: NodeIdentity | undefined): string => {
    if (peer === undefined) throw new PosternError('not-authorised', 'Nobody has proved a name');
    return peer.name;
  };
  const notice =
    (kind: 'NotifySupply' | 'NotifyAbnormality') =>
    async (
      value: intermediary.NotifySupply | intermediary.NotifyAbnormality,
      { peer }: { readonly peer: NodeIdentity | undefined },
    ): Promise<intermediary.Answer> => {
      void say(kind, value.noticeId, named(peer), value);
      return { inReplyTo: value.noticeId, outcome: 'succeeded', text: 'taken' };
    };
  const isOpen = flaw === 'asks-no-certificate' || flaw === 'speaks-plain';
  const requireName = (deviceId: string, peer: NodeIdentity | undefined): void => {
    if (peer?.name === deviceId || flaw === 'takes-any-name' || isOpen) return;
    throw new PosternError('not-authorised', 'The certificate is of another device');
  };
  const handlers: SoapHandlers<IntermediaryOperations> = {
    ...everyOperation(intermediaryContract, async (_, { operation }) => {
      throw new PosternError('not-offered', `${operation} is not offered here`);
    }),
    Register: async ({ device }, { peer }) => {
      requireName(device.deviceId, peer);
      const changed = JSON.stringify(devices.get(device.deviceId)) !== JSON.stringify(device);
      devices.set(device.deviceId, device);
      if (changed) up.tell({ information: device });
      return { active: true, intermediaryId: flaw === 'has-another-name' ? 'somebody-else' : name };
    },
    NotifyStart: async ({ deviceId }, { peer }) => {
      requireName(deviceId, peer);
      for (const resolve of starts.splice(0)) resolve();
      return {};
    },
    UserCall: async (call, { peer }) => {
      const answered = say('UserCall', call.callId, named(peer), call);
      const own = { outcome: 'succeeded', text: 'all is well' } as const;
      return { inReplyTo: call.callId, ...(flaw === 'answers-calls-itself' ? own : pick(await answered)) };
    },
    NotifySupply: notice('NotifySupply'),
    NotifyAbnormality: notice('NotifyAbnormality'),
  };
  const service = createSoapService(intermediaryContract, handlers, {
    logger: silentLogger,
    clientCodes: () => true,
  });
  const eager =
    flaw === 'forwards-before-it-reads'
      ? forwarding(service, (id, deviceId) => {
          const value = { noticeId: id, at: systemClock.now(), supply: 'toner', remainingPercent: 1 };
          void say('NotifySupply', id, deviceId, value);
        })
      : service;
  const listener = await createSoapListener({
    services: {
      '/intermediary': marred(eager, flaw, '<NotifyStartResponse xmlns="urn:postern:intermediary:1"/>'),
    },
    ...(flaw === 'speaks-plain'
      ? {}
      : {
          tls: serverTlsOptions(node, {
            clientAuthentication: flaw === 'asks-no-certificate' ? 'none' : 'required',
          }),
          peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
        }),
    ...(flaw === 'answers-anything' ? { limits: { bodyBytes: 16 << 20 } } : {}),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
  });
  const running = up.run();
  closers.add(async () => {
    ending.abort();
    await running;
    await Promise.all([...clients.values(), server].map((client) => client.close()));
    await listener.close();
  });
  return { port: listener.port };
};

const fail = (): never => {
  throw new Error('There is no such answer');
};

const pick = ({ outcome, text }: Answered): Answered => ({ outcome, text });

/** What an intermediary says that asks no device. */
const CANNED: Readonly<Partial<Record<string, uplink.ResponseBody>>> = {
  GetCounters: { kind: 'GetCountersResponse', value: { counters: { item: [] } } },
  GetDeviceInformation: {
    kind: 'GetDeviceInformationResponse',
    value: { device: { deviceId: 'd', model: 'm', components: { item: [] }, bulkPathKind: 'ftp' } },
  },
  GetParameters: { kind: 'GetParametersResponse', value: { parameters: { item: [] } } },
  CollectLogs: { kind: 'CollectLogsResponse', value: { entries: { item: [] } } },
  ConfirmAlive: {
    kind: 'ConfirmAliveResponse',
    value: { startedAt: systemClock.now(), state: 'ready' },
  },
  GetApplications: { kind: 'GetApplicationsResponse', value: { application: [] } },
  ListFiles: { kind: 'ListFilesResponse', value: { file: [] } },
};

const uplinkTls = (node: EnrolledNode, flaw: IntermediaryFlaw | undefined) => {
  if (flaw === 'trusts-any-ca') return clientTlsOptions(node, { expect: 'unauthenticated' });
  const strict = clientTlsOptions(node, { expect: { role: 'server', name: 'server' } });
  return flaw === 'trusts-any-role' ? { ...strict, checkServerIdentity: () => undefined } : strict;
};

/** Sends notices up before it knows whether they are good. */
const forwarding = (service: SoapService, forward: (id: string, deviceId: string) => void): SoapService => ({
  file: service.file,
  handle: (request) => {
    const text = Buffer.from(request.body).toString();
    const id = /<NotifySupply[^>]*><noticeId>([^<]+)</.exec(text)?.[1];
    if (id !== undefined && request.peer !== undefined) forward(id, request.peer.name);
    return service.handle(request);
  },
});
