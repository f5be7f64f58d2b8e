import { type DeviceOperations, deviceContract } from '@postern/contracts';
import { randomId } from '@postern/core';
import { isRemoteFault, type SoapClient } from '@postern/soap-rpc';
import { type SoapTarget, sampleOf, type TargetAddress, withClient } from '../soap/soap-target.ts';
import { makeStranger } from '../stranger.ts';
import type { TargetConnection } from '../target-connection.ts';
import { NOT_OFFERED, notOffered } from '../verdicts.ts';

/** `node`: the intermediary that the device obeys. */
export interface DeviceTargetOptions extends TargetConnection {
  /** Where its bulk path is, unless it says so itself. */
  readonly bulk?: { readonly host: string; readonly port: number };
  /** A signed manifest that it would accept, for a device that takes no password without one. Nothing is installed. */
  readonly signedManifest?: Uint8Array;
}

/** Somebody's device, seen from its intermediary. */
export interface DeviceTarget extends SoapTarget {
  readonly options: DeviceTargetOptions;
  /** Opens a client for the time of `work`. */
  call<T>(work: (client: SoapClient<DeviceOperations>) => Promise<T>): Promise<T>;
  /** @throws PosternError `tls-refused` when its certificate names another node */
  isNamed(deviceId: string, signal: AbortSignal): Promise<void>;
}

/** Nothing is connected before the first check. */
export const openDeviceTarget = async (options: DeviceTargetOptions): Promise<DeviceTarget> => {
  const { url, node, clock } = options;
  const stranger = await makeStranger(node.identity, options);
  const address: TargetAddress = { url, node, stranger, clock, expect: { role: 'device' } };
  const jobId = `conformance-${randomId(options.entropy)}`;
  return {
    options,
    call: (work) => withClient(deviceContract, address, {}, work),
    isNamed: (name, signal) =>
      withClient(deviceContract, { ...address, expect: { role: 'device', name } }, {}, async (client) => {
        await client.call('GetDeviceInformation', {}, { signal });
      }),
    // Of a job that there never was: the one call of the patent's part that has elements and changes nothing. A device may
    // leave it out: that is an answer, too, but then nothing is learnt of what it does with documents.
    sample: async (changes, signal) => {
      const sample = sampleOf(deviceContract, address, async (client) => {
        await client.call('InvalidateOneTimePassword', { userName: node.identity.name, jobId }, { signal });
      });
      const { document, ...others } = changes;
      const answered = await sample(others, signal).then(() => true, unlessLeftOut);
      if (document === undefined) return;
      if (!answered) throw notOffered('InvalidateOneTimePassword is not offered, which was to be called');
      await sample(changes, signal);
    },
  };
};

/** @throws `error` unless it says that the device has no such operation */
const unlessLeftOut = (error: unknown): false => {
  if (isRemoteFault(error) && NOT_OFFERED.includes(error.code)) return false;
  throw error;
};
