import type { ConnectionOptions } from 'node:tls';
import type { Contract, OperationMap } from '@postern/contracts';
import type { Clock } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, type ExpectedPeer, type TrustAnchor } from '@postern/pki';
import {
  createHttpTransport,
  createSoapClientOver,
  isRemoteFault,
  type SoapClient,
  type SoapTransport,
  type SoapTransportRequest,
  type SoapVersion,
} from '@postern/soap-rpc';

/** Who calls: with our certificate; without one; with one of our name, but of another CA; in plain HTTP. */
export type CheckCaller = 'ours' | 'nobody' | 'stranger' | 'plain';

/** How a call differs from a good one. */
export interface CallChanges {
  readonly caller?: CheckCaller;
  readonly soapVersion?: SoapVersion;
  /** Rewrites the document on its way out. */
  readonly document?: (whole: string) => string;
}

/** Somebody else's service of a contract, as far as every contract is alike. */
export interface SoapTarget {
  /**
   * A call that is always answered and changes nothing, with changes; a good one on the same connection follows.
   *
   * @throws PosternError what came of the first; if that was a fault, what came of the second
   */
  sample(changes: CallChanges, signal: AbortSignal): Promise<void>;
}

/** Where a service is, and who calls. */
export interface TargetAddress {
  readonly url: string;
  /** Our own identity, of the CA of the target. */
  readonly node: EnrolledNode;
  /** With the same name, of a CA that nobody trusts. */
  readonly stranger: EnrolledNode;
  readonly expect: ExpectedPeer;
  readonly clock: Clock;
}

/** One where something else than a certificate may prove who we are. */
export interface OpenAddress extends Omit<TargetAddress, 'node'> {
  readonly node: EnrolledNode | TrustAnchor;
  /** The proof. Nobody but us sends it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** {@link SoapTarget.sample} of a call. */
export const sampleOf =
  <O extends OperationMap<O>>(
    contract: Contract<O>,
    address: OpenAddress,
    call: (client: SoapClient<O>, signal: AbortSignal) => Promise<unknown>,
  ): SoapTarget['sample'] =>
  (changes, signal) =>
    withClient(contract, address, changes, async (client) => {
      try {
        await call(client, signal);
      } catch (error) {
        if (isRemoteFault(error) && changes.document !== undefined) await call(client, signal);
        throw error;
      }
    });

/** Opens a client for the time of `work`. */
export const withClient = async <O extends OperationMap<O>, T>(
  contract: Contract<O>,
  address: OpenAddress,
  { caller = 'ours', soapVersion, document }: CallChanges,
  work: (client: SoapClient<O>) => Promise<T>,
): Promise<T> => {
  const wire = createHttpTransport({
    url: caller === 'plain' ? address.url.replace(/^https:/, 'http:') : address.url,
    ...(caller === 'plain' || !address.url.startsWith('https:') ? {} : { tls: tlsOf(address, caller) }),
    connections: 1,
  });
  const transport = caller === 'ours' ? sending(wire, address.headers ?? {}) : wire;
  const client = createSoapClientOver(contract, {
    transport: document === undefined ? transport : rewriting(transport, document),
    clock: address.clock,
    ...(soapVersion === undefined ? {} : { soapVersion }),
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

const sending = (transport: SoapTransport, headers: Readonly<Record<string, string>>): SoapTransport => ({
  send: (request) => transport.send({ ...request, headers: { ...request.headers, ...headers } }),
  close: () => transport.close(),
});

/** What a caller shows of itself, and wants to see. */
export const tlsOf = (
  { node, stranger, expect }: OpenAddress,
  caller: Exclude<CheckCaller, 'plain'>,
): ConnectionOptions => {
  if (caller === 'ours') return clientTlsOptions(node, { expect });
  return clientTlsOptions(caller === 'nobody' ? { caPem: node.caPem } : stranger, {
    expect: 'unauthenticated',
  });
};

/** Rewrites the first request only: what follows shows whether the target still answers. */
const rewriting = (transport: SoapTransport, document: (whole: string) => string): SoapTransport => {
  let change = document;
  return {
    send: (request: SoapTransportRequest) => {
      const body = change(request.body);
      change = (whole) => whole;
      return transport.send({ ...request, body });
    },
    close: () => transport.close(),
  };
};
