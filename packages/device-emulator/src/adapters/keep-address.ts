import { type Clock, errorCode, Milliseconds, sleep } from '@postern/core';
import type { DeviceMemory, OwnPort } from './flash/nv-ram.ts';

/** Where something listens. Port 0: chosen by the system at the first start, and kept from then on. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A socket of the last power cycle may need a moment to go away. */
const TRIES = 20;
const PAUSE = Milliseconds(250);

/**
 * Listens on the device's own port, so that a restarted device is found where it was.
 *
 * @param name of the port in NV-RAM
 * @throws whatever `listen` threw last
 */
export const listenAtOwnPort = async <T extends { readonly port: number }>(
  name: OwnPort,
  { host, port }: ListenAddress,
  context: { readonly nvRam: DeviceMemory; readonly clock: Clock; readonly signal: AbortSignal },
  listen: (address: ListenAddress) => Promise<T>,
): Promise<T> => {
  const { nvRam, clock, signal } = context;
  const wanted = port === 0 ? (nvRam.content.ports[name] ?? 0) : port;
  const listener = await persistently(clock, signal, () => listen({ host, port: wanted }));
  if (listener.port !== nvRam.content.ports[name]) {
    await nvRam.update((content) => ({ ...content, ports: { ...content.ports, [name]: listener.port } }));
  }
  return listener;
};

const persistently = async <T>(clock: Clock, signal: AbortSignal, listen: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen();
    } catch (error) {
      if (attempt === TRIES || !isInUse(error)) throw error;
    }
    await sleep(clock, PAUSE, signal);
  }
};

const isInUse = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'cause' in error &&
  errorCode(error.cause, '') === 'EADDRINUSE';
