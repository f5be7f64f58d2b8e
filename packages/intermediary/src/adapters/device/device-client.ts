import type { ConnectionOptions } from 'node:tls';
import { type DeviceOperations, deviceContract, type uplink } from '@postern/contracts';
import {
  type Clock,
  errorCode,
  errorMessage,
  Milliseconds,
  type NodeIdentity,
  PosternError,
} from '@postern/core';
import { clientTlsOptions, type EnrolledNode, type RevocationList, type TrustAnchor } from '@postern/pki';
import { createSoapClient, isRemoteFault } from '@postern/soap-rpc';
import type { TlsMode } from '@postern/software-update';
import {
  type DeviceEndpoint,
  type DeviceStore,
  endpointOf,
  type RegisteredDevice,
} from '../../domain/devices.ts';
import type { DeviceCall } from '../../domain/requests/ask-device.ts';
import type { DeviceLink } from '../../domain/schemes/device-links.ts';
import { wireFailure } from '../../domain/wire-text.ts';
import { intermediaryError } from '../../errors.ts';

/** Where a device serves its contract, on both of its listeners. */
const PATH = '/device';

/** What may come to a device in plain HTTP: it holds no secret. */
export type PlainOperation = 'GenerateOneTimePassword' | 'InvalidateOneTimePassword' | 'MarkPasswordUsed';

/** Calls one operation of a device. */
export interface DeviceClient {
  /**
   * Over TLS, in the mode of the device's link.
   *
   * @throws PosternError `device-unknown`, `device-unreachable` when it registered no secure path, a transport's code
   *   or the device's own
   */
  call<K extends keyof DeviceOperations & string>(
    deviceId: string,
    operation: K,
    request: DeviceOperations[K]['request'],
    signal: AbortSignal,
  ): Promise<DeviceOperations[K]['response']>;
  /**
   * In plain HTTP; nothing of the answer is proved.
   *
   * @throws PosternError as {@link call}
   */
  callPlain<K extends PlainOperation>(
    deviceId: string,
    operation: K,
    request: DeviceOperations[K]['request'],
    signal: AbortSignal,
  ): Promise<DeviceOperations[K]['response']>;
}

export interface DeviceClientOptions {
  readonly devices: Pick<DeviceStore, 'get'>;
  readonly linkOf: (deviceId: string) => DeviceLink;
  readonly node: EnrolledNode;
  /** Followed by every connection that is opened; none outlives its exchange. */
  readonly revocations?: RevocationList | undefined;
  readonly clock: Clock;
}

/**
 * One connection an exchange: a device exchanges two or three messages an update, minutes apart, and is spared the
 * memory of an idle TLS connection in between. Unless its link is configured otherwise the device has to prove its
 * name, so a wrong address learns nothing.
 *
 * @spec A1 A2 A3
 */
export const deviceClient = ({
  devices,
  linkOf,
  node,
  revocations,
  clock,
}: DeviceClientOptions): DeviceClient => {
  const tlsFor = linkTls(node, revocations);

  const exchange = async <K extends keyof DeviceOperations & string>(
    { origin, tls }: { readonly origin: string; readonly tls?: ConnectionOptions },
    operation: K,
    request: DeviceOperations[K]['request'],
    signal: AbortSignal,
  ): Promise<DeviceOperations[K]['response']> => {
    const client = createSoapClient(deviceContract, {
      url: `${origin}${PATH}`,
      clock,
      ...(tls === undefined ? {} : { tls }),
      connections: 1,
      keepAlive: Milliseconds(1),
    });
    try {
      return await client.call(operation, request, { signal });
    } finally {
      await client.close();
    }
  };

  return {
    call: async (deviceId, operation, request, signal) => {
      const { tls: mode, role } = linkOf(deviceId);
      const origin = `https://${endpointText(deviceId, devices.get(deviceId), 'securePath')}`;
      try {
        return await exchange(
          { origin, tls: tlsFor(mode, { role, name: deviceId }) },
          operation,
          request,
          signal,
        );
      } catch (error) {
        throw explained(error, deviceId, mode);
      }
    },
    callPlain: (deviceId, operation, request, signal) =>
      refusing(() => {
        const origin = `http://${endpointText(deviceId, devices.get(deviceId), 'plainPath')}`;
        return exchange({ origin }, operation, request, signal);
      }),
  };
};

/** Who proves what to whom on one link. */
const linkTls = (
  node: EnrolledNode,
  revocations: RevocationList | undefined,
): ((mode: TlsMode, expect: NodeIdentity) => ConnectionOptions) => {
  // One object, so that all connections share one TLS context.
  const anchor: TrustAnchor = { caPem: node.caPem };
  return (mode, expect) => {
    const crl = revocations === undefined ? {} : { crlPem: revocations.crlPem };
    switch (mode) {
      case 'mutual':
        return clientTlsOptions(node, { expect, ...crl });
      case 'intermediary-authenticated':
        return clientTlsOptions(node, { expect: 'unauthenticated', ...crl });
      case 'device-authenticated':
        return clientTlsOptions(anchor, { expect, ...crl });
    }
  };
};

/** Also what is thrown at once comes as a rejection. */
const refusing = async <T>(work: () => Promise<T>): Promise<T> => work();

const endpointText = (
  deviceId: string,
  device: RegisteredDevice | undefined,
  path: 'securePath' | 'plainPath',
): string => {
  if (device === undefined) {
    throw intermediaryError('device-unknown', `No device ${deviceId} has registered here`);
  }
  const endpoint = endpointOf(device.information[path], device);
  if (endpoint !== undefined) return authority(endpoint);
  const missing = path === 'securePath' ? 'a secure path' : 'a place for plain requests';
  throw intermediaryError('device-unreachable', `${deviceId} registered without ${missing}`);
};

const authority = ({ host, port }: DeviceEndpoint): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What the ends of a link see that do not agree on who proves what to whom. */
const DISAGREEMENT: readonly string[] = ['tls-refused', 'connection-lost', 'not-authorised'];

/** Says what to look at when the ends of a link may disagree. The code stays: whoever decides by it decides as before. */
const explained = (error: unknown, deviceId: string, mode: TlsMode): unknown => {
  const code = errorCode(error, '');
  if (!DISAGREEMENT.includes(code) || (isRemoteFault(error) && code !== 'not-authorised')) return error;
  const setting = `devices.${deviceId}.tls`;
  const message = `${setting} is ${mode} here, secureLink of the device must be the same: ${errorMessage(error)}`;
  return new PosternError(code, message, {
    cause: error,
    hint: `${setting} here and secureLink of the device must say the same. If they do, check certificates, authorities and names on both sides.`,
  });
};

/**
 * A request that is passed through, and what the device says to it as the uplink carries it: its answer, or its refusal.
 *
 * @spec R1 R5
 */
export const passThrough =
  (client: Pick<DeviceClient, 'call'>): DeviceCall =>
  async (deviceId, { kind, value }, signal) => {
    try {
      const answer = await client.call(deviceId, kind, value, signal);
      // The contract names every answer so; types do not follow a kind and its value through a call.
      return { kind: `${kind}Response`, value: answer } as uplink.ResponseBody;
    } catch (error) {
      if (!isRemoteFault(error)) throw error;
      return { kind: 'Failure', value: wireFailure(error) };
    }
  };
