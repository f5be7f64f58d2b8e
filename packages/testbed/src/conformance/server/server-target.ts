import { type OperatorOperations, operatorContract, uplinkContract } from '@postern/contracts';
import { type Entropy, randomId } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import { isRemoteFault, type SoapClient } from '@postern/soap-rpc';
import {
  type OpenAddress,
  type SoapTarget,
  sampleOf,
  type TargetAddress,
  withClient,
} from '../soap/soap-target.ts';
import { makeStranger } from '../stranger.ts';
import type { TargetConnection } from '../target-connection.ts';
import { PlayedIntermediary } from '../uplink/played-intermediary.ts';
import type { UplinkTarget } from '../uplink/uplink-target.ts';
import { skipped } from '../verdicts.ts';

/** How the operators' contract is reached; by a certificate or a token. */
export interface OperatorSide {
  /** E.g. `https://server.example:8444/soap/operator`. */
  readonly url: string;
  /** With an identity of the role operator. */
  readonly node?: EnrolledNode;
  /** Secret. */
  readonly token?: string;
}

/** `node`: an intermediary that no site uses. */
export interface ServerTargetOptions extends TargetConnection {
  /** Another one of the kind. */
  readonly other?: EnrolledNode;
  /** One of another role, e.g. a device. */
  readonly outsider?: EnrolledNode;
  readonly operator?: OperatorSide;
}

/** Somebody's management server, seen from an intermediary, and from an operator where there is one. */
export interface ServerTarget extends UplinkTarget {
  readonly entropy: Entropy;
  /** The sample call with a certificate of another role. @throws PosternError `not-checked` without one */
  asOutsider(signal: AbortSignal): Promise<void>;
  /** @throws PosternError `not-checked` when the operators' side was not named */
  operator(): OperatorTarget;
}

/** The operators' contract of that server. */
export interface OperatorTarget extends SoapTarget {
  readonly address: OpenAddress;
  call<K extends keyof OperatorOperations & string>(
    operation: K,
    request: OperatorOperations[K]['request'],
    signal?: AbortSignal,
  ): Promise<OperatorOperations[K]['response']>;
  /** The sample call with another token than the right one. */
  withToken(token: string, signal: AbortSignal): Promise<void>;
  /** The sample call with the certificate of an intermediary, beside whatever else proves who we are. */
  asIntermediary(signal: AbortSignal): Promise<void>;
}

/** Nothing is connected before the first check. */
export const openServerTarget = async (options: ServerTargetOptions): Promise<ServerTarget> => {
  const { url, node, other, outsider, operator, clock, entropy } = options;
  const stranger = await makeStranger(node.identity, options);
  const expect = { role: 'server' } as const;
  const played = (who: EnrolledNode) => new PlayedIntermediary(options, who, { stranger, expect });
  const [site, second] = [played(node), other && played(other)];
  const address: TargetAddress = { url, node, stranger, clock, expect };
  const operators = operator && (await openOperatorSide(operator, options));
  const sessionId = `conformance-${randomId(entropy)}`;
  const sampleAs = (from: TargetAddress): SoapTarget['sample'] =>
    // Without capacity nothing comes down.
    sampleOf(uplinkContract, from, (client, signal) =>
      client.call('Poll', { sessionId, holdSeconds: 0, capacity: 0 }, { signal }),
    );
  return {
    clock,
    entropy,
    site,
    other: () =>
      second ?? lacking('a second identity', 'Name the bundle of another intermediary: --other-identity.'),
    sample: sampleAs(address),
    asOutsider: async (signal) => {
      const who =
        outsider ?? lacking('an identity of another role', 'Name the bundle of a device: --outsider.');
      await sampleAs({ ...address, node: who })({}, signal);
    },
    operator: () =>
      operators ?? lacking("the operators' side", 'Say where operator.wsdl is served: --operator.'),
  };
};

const lacking = (what: string, next: string): never => {
  throw skipped(`It needs ${what}`, next);
};

const openOperatorSide = async (
  { url, node, token }: OperatorSide,
  { node: site, clock, entropy }: TargetConnection,
): Promise<OperatorTarget> => {
  const identity = node?.identity ?? ({ role: 'operator', name: 'operator' } as const);
  const stranger = await makeStranger(identity, { clock, entropy });
  const bearing = (presented: string | undefined) =>
    presented === undefined ? {} : { headers: { authorization: `Bearer ${presented}` } };
  const trust = { caPem: site.caPem };
  const common = { url, stranger, clock, expect: { role: 'server' } } as const;
  const address: OpenAddress = { ...common, node: node ?? trust, ...bearing(token) };
  const noticeId = `conformance-${randomId(entropy).slice(0, 16)}`;
  const call = (client: SoapClient<OperatorOperations>, signal: AbortSignal) =>
    answerNobody(client, noticeId, signal);
  return {
    address,
    call: (operation, request, signal) =>
      withClient(operatorContract, address, {}, (client) =>
        client.call(operation, request, signal === undefined ? {} : { signal }),
      ),
    // The one call with required elements that changes nothing, and whose answer is known beforehand.
    sample: sampleOf(operatorContract, address, call),
    withToken: (presented, signal) =>
      sampleOf(operatorContract, { ...common, node: trust, ...bearing(presented) }, call)({}, signal),
    asIntermediary: (signal) =>
      sampleOf(operatorContract, { ...common, node: site, ...bearing(token) }, call)({}, signal),
  };
};

/** That there is no such call is the answer. */
const answerNobody = async (
  client: SoapClient<OperatorOperations>,
  noticeId: string,
  signal: AbortSignal,
): Promise<void> => {
  try {
    await client.call('AnswerCall', { noticeId, outcome: 'failed', text: 'nobody' }, { signal });
  } catch (error) {
    if (isRemoteFault(error) && error.code === 'notice-unknown') return;
    throw error;
  }
};
