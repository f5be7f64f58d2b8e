import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { errorCode, PosternError, throwIfCancelled } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, peerIdentity, type RevocationList } from '@postern/pki';
import type { DeviceEndpoint } from '../../domain/devices.ts';
import type { ProbeAddress } from '../../domain/search/ports.ts';
import { INTERMEDIARY_ERRORS, type IntermediaryCode, intermediaryError } from '../../errors.ts';

/**
 * Has whoever is at an address prove by TLS that he is some device of the CA, with our own certificate shown to him.
 * Nothing is sent beyond the handshake.
 *
 * @spec I3
 */
export const probeAddress =
  (node: EnrolledNode, revocations?: RevocationList | undefined): ProbeAddress =>
  async (endpoint, signal) => {
    throwIfCancelled(signal);
    const crl = revocations === undefined ? {} : { crlPem: revocations.crlPem };
    const tls = clientTlsOptions(node, { expect: { role: 'device' }, ...crl });
    // Without a session there is always a certificate to read the name from.
    const socket = connect({ ...endpoint, ...tls, session: undefined } as ConnectionOptions);
    try {
      const name = await nameOf(socket, endpoint, signal);
      // Its end of the handshake is to be complete: a device logs who breaks off.
      socket.end(() => socket.destroy());
      return name;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };

const nameOf = (socket: TLSSocket, { host, port }: DeviceEndpoint, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    let connected = false;
    const giveUp = (): void => {
      const { reason } = signal;
      reject(reason instanceof Error ? reason : new PosternError('cancelled', 'The search was called off'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('secureConnect', () => {
      const identity = peerIdentity(socket);
      if (identity?.role === 'device') resolve(identity.name);
      else reject(intermediaryError('not-a-device', `${host} port ${port} names no device`));
    });
    socket.on('error', (error) => reject(explained(error, connected, `${host} port ${port}`)));
    socket.once('close', () => {
      signal.removeEventListener('abort', giveUp);
      reject(intermediaryError('unreachable', `${host} port ${port} closed the connection`));
    });
  });

const explained = (error: Error, connected: boolean, where: string): PosternError => {
  const code = errorCode(error, 'unknown');
  if (code === 'identity-unexpected') {
    return intermediaryError('not-a-device', `${where} is no device: ${error.message}`, error);
  }
  if (!connected) return intermediaryError('unreachable', `Nobody listens at ${where} (${code})`, error);
  return new PosternError<IntermediaryCode | 'tls-refused'>(
    'tls-refused',
    `${where} does not prove to be a device (${code})`,
    { cause: error, hint: INTERMEDIARY_ERRORS['not-a-device'] },
  );
};
