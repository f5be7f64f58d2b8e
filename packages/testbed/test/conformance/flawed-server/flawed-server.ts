import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import {
  type Contract,
  type OperationMap,
  operatorContract,
  type UplinkOperations,
  uplinkContract,
} from '@postern/contracts';
import { type Closers, PosternError, silentLogger, systemClock } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  type CallContext,
  createSoapClient,
  createSoapListener,
  createSoapService,
  type HttpRoute,
  type SoapClient,
  type SoapHandlers,
  type SoapListenerOptions,
  type SoapService,
} from '@postern/soap-rpc';
import type { ServerTargetOptions } from '@postern/testbed/conformance';
import type { serverWorld } from '../server-world.ts';
import type { Flaw } from './flaw.ts';

type World = Awaited<ReturnType<typeof serverWorld>>;

const expect = { role: 'server' } as const;

/** A server that hands everything on to our own, but for its flaw. Returns how it is checked. */
export const startFlawedServer = async (
  world: World,
  closers: Closers,
  flaw: Flaw = {},
): Promise<ServerTargetOptions> => {
  const { nodes, urls, token, everything } = world;
  const opened = <O extends OperationMap<O>>(contract: Contract<O>, url: string, who: EnrolledNode) => {
    const client = createSoapClient(contract, {
      url,
      tls: clientTlsOptions(who, { expect }),
      clock: systemClock,
    });
    closers.add(() => client.close());
    return client;
  };
  const ofSite = opened(uplinkContract, urls.uplink, nodes.site);
  const ofOther = opened(uplinkContract, urls.uplink, nodes.other);
  const ofOperator = opened(operatorContract, urls.operator, nodes.operator);

  const clientOf = ({ peer }: CallContext): SoapClient<UplinkOperations> =>
    peer?.name === nodes.other.identity.name ? ofOther : ofSite;
  const uplink = handingOn(uplinkContract, clientOf);
  const operator = handingOn(operatorContract, () => ofOperator);
  const asSite: CallContext = {
    peer: nodes.site.identity,
    remoteAddress: '',
    signal: new AbortController().signal,
    operation: 'Poll',
  };

  const listen = async (
    options: Pick<SoapListenerOptions, 'services' | 'routes' | 'admit'>,
    open: boolean,
  ) => {
    const clientAuthentication = open ? 'requested' : flaw.asksNoCertificate ? 'none' : 'required';
    const listener = await createSoapListener({
      ...options,
      ...(flaw.speaksPlain
        ? {}
        : {
            tls: serverTlsOptions(nodes.server, { clientAuthentication }),
            peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
          }),
      limits: { bodyBytes: flaw.takesHugeBodies ? 16 << 20 : 1 << 20 },
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: silentLogger,
    });
    closers.add(() => listener.close());
    return listener.port;
  };

  const anybody = flaw.asksNoCertificate || flaw.takesAnyRole || flaw.speaksPlain;
  const uplinkService = createSoapService(
    uplinkContract,
    { ...uplink, ...flaw.uplink?.(uplink, asSite) },
    {
      logger: silentLogger,
      clientCodes: () => true,
      authorize: (peer) => {
        if (peer?.role !== 'intermediary' && !anybody) {
          throw new PosternError('not-authorised', 'No intermediary');
        }
      },
    },
  );
  const images = imagesOf(nodes.site, urls.uplink);
  const uplinkPort = await listen(
    {
      services: { '/uplink': marred(uplinkService, flaw, POLLED) },
      routes: { '/images/': flaw.images?.(images) ?? images },
    },
    false,
  );
  const operatorService = createSoapService(
    operatorContract,
    { ...operator, ...flaw.operator?.(operator) },
    { logger: silentLogger, clientCodes: () => true },
  );
  const operatorPort = await listen(
    {
      services: { '/soap/operator': marred(operatorService, flaw, ANSWERED) },
      admit: ({ headers: { authorization } }, { peer }) => {
        const shown = peer === undefined ? authorization === `Bearer ${token}` : peer.role === 'operator';
        if (shown || flaw.asksNoCredential || flaw.speaksPlain) return undefined;
        return peer === undefined
          ? { status: 401, code: 'token-required', message: 'No token' }
          : { status: 403, code: 'not-authorised', message: 'No operator' };
      },
    },
    true,
  );
  return {
    ...everything,
    url: `https://127.0.0.1:${uplinkPort}/uplink`,
    operator: { url: `https://127.0.0.1:${operatorPort}/soap/operator`, token },
  };
};

const handingOn = <O extends OperationMap<O>>(
  contract: Contract<O>,
  clientOf: (context: CallContext) => SoapClient<O>,
): SoapHandlers<O> => {
  const entries = Object.keys(contract.operations).map((name) => [
    name,
    (request: O[keyof O]['request'], context: CallContext) =>
      clientOf(context).call(name as keyof O & string, request, { signal: context.signal }),
  ]);
  return Object.fromEntries(entries) as SoapHandlers<O>;
};

const imagesOf =
  (node: EnrolledNode, uplinkUrl: string): HttpRoute =>
  ({ url = '', headers: { range } }, response) => {
    const headers = range === undefined ? {} : { range };
    const options = { ...clientTlsOptions(node, { expect }), agent: false, headers };
    httpsRequest(new URL(url, uplinkUrl), options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  };

const marred = (service: SoapService, flaw: Flaw, instead: string): SoapService => ({
  file: flaw.showsAnotherContract ? 'device.wsdl' : service.file,
  handle: async (request) => {
    const answer = await service.handle(request);
    return flaw.answer?.(answer, instead) ?? answer;
  },
});

/** Answers to the calls that the checks of documents make. */
const POLLED =
  '<PollResponse xmlns="urn:postern:uplink:1"><nextPollSeconds>1</nextPollSeconds></PollResponse>';
const ANSWERED =
  '<AnswerCallResponse xmlns="urn:postern:operator:1"><notice><id>1</id><kind>UserCall</kind><deviceId>d</deviceId>' +
  '<intermediary>i</intermediary><route/><at>2026-01-01T00:00:00Z</at><missed>false</missed><state>open</state>' +
  '</notice></AnswerCallResponse>';
