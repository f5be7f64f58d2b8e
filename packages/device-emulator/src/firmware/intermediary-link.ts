import { type IntermediaryOperations, type intermediary, intermediaryContract } from '@postern/contracts';
import { type Clock, type Duration, Seconds } from '@postern/core';
import type { EnrolledNode, RevocationList } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import type { Notice } from '../domain/notices.ts';
import type { ServiceCall } from '../domain/service-calls.ts';
import type { StartNotification } from '../program.ts';
import {
  bulkEndpoint,
  componentVersions,
  deviceInformation,
  type InformationSource,
} from './device-information.ts';
import { callerTls, explainLink } from './secure-link.ts';

/** One call, TLS handshake included. */
const DEADLINE = Seconds(15);

export interface LinkOptions {
  readonly node: EnrolledNode;
  /** Followed by every connection that is opened; none is kept. */
  readonly revocations?: RevocationList | undefined;
  readonly information: InformationSource;
  readonly clock: Clock;
}

/** A call of the intermediary contract on the secure path. */
export type CallIntermediary = <K extends keyof IntermediaryOperations & string>(
  operation: K,
  request: IntermediaryOperations[K]['request'],
  signal: AbortSignal,
  deadline?: Duration,
) => Promise<IntermediaryOperations[K]['response']>;

/**
 * Remote service (NRS, Fig 9), client part: what the firmware says to its intermediary, on the secure path.
 *
 * @throws PosternError `link-refused` where TLS or the intermediary turned the device away; those of a SOAP call
 */
export interface IntermediaryLink {
  /** @param placement where the device is, in its own signed words; absent where it signs none */
  register(placement: Uint8Array | undefined, signal: AbortSignal): Promise<void>;
  notifyStart(notification: StartNotification, signal: AbortSignal): Promise<void>;
  requestPassword(
    request: intermediary.RequestOneTimePassword,
    signal: AbortSignal,
  ): Promise<intermediary.RequestOneTimePasswordResponse>;
  storePassword(
    request: intermediary.StoreOneTimePassword,
    signal: AbortSignal,
  ): Promise<intermediary.StoreOneTimePasswordResponse>;
  erasePassword(request: intermediary.EraseOneTimePassword, signal: AbortSignal): Promise<void>;
  /** @param deadline the call may be held open until the server has answered */
  callUser(call: ServiceCall, signal: AbortSignal, deadline: Duration): Promise<intermediary.Answer>;
  notify(notice: Notice, signal: AbortSignal): Promise<intermediary.Answer>;
}

/**
 * Says something to the intermediary, then closes the connection: an idle one costs either side more memory than it is
 * worth.
 */
export type UseLink = <T>(work: (link: IntermediaryLink) => Promise<T>) => Promise<T>;

export const linkUser =
  (options: LinkOptions): UseLink =>
  async (work) => {
    const { call, close } = secureCalls(options);
    try {
      return await work(intermediaryLink(options.information, call));
    } finally {
      await close();
    }
  };

/** @spec A1 A2 A3 */
const secureCalls = ({
  node,
  revocations,
  information,
  clock,
}: LinkOptions): { readonly call: CallIntermediary; readonly close: () => Promise<void> } => {
  const { intermediary, secureLink } = information.settings;
  const client = createSoapClient(intermediaryContract, {
    url: intermediary.secureUrl,
    tls: callerTls(node, revocations, secureLink, intermediary.name),
    clock,
    connections: 1,
  });
  const call: CallIntermediary = async (operation, request, signal, deadline = DEADLINE) => {
    try {
      return await client.call(operation, request, { signal, deadline });
    } catch (error) {
      throw explainLink(error, secureLink);
    }
  };
  return { call, close: () => client.close() };
};

/** @spec U6 */
export const intermediaryLink = (
  information: InformationSource,
  call: CallIntermediary,
): IntermediaryLink => {
  const { id } = information.settings;
  return {
    register: async (placement, signal) => {
      const request = { device: deviceInformation(information), ...(placement && { placement }) };
      await call('Register', request, signal);
    },
    notifyStart: async ({ notifyStartAt: _, ...notification }, signal) => {
      const request = {
        deviceId: id,
        program: 'firmware',
        components: componentVersions(information.versions()),
        bulkPath: bulkEndpoint(information),
        ...notification,
      } as const;
      await call('NotifyStart', request, signal);
    },
    requestPassword: (request, signal) => call('RequestOneTimePassword', request, signal),
    storePassword: (request, signal) => call('StoreOneTimePassword', request, signal),
    erasePassword: async (request, signal) => {
      await call('EraseOneTimePassword', request, signal);
    },
    callUser: ({ callId, at, reason }, signal, deadline) =>
      call('UserCall', { callId, at, reason }, signal, deadline),
    notify: (notice, signal) => {
      if (notice.kind === 'supply') {
        const { kind: _, ...request } = notice;
        return call('NotifySupply', request, signal);
      }
      const { kind: _, ...request } = notice;
      return call('NotifyAbnormality', request, signal);
    },
  };
};
