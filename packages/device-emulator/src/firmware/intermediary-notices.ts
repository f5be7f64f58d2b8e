import { intermediaryContract } from '@postern/contracts';
import { type Clock, Seconds } from '@postern/core';
import { clientTlsOptions, type EnrolledNode } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import type { DeviceIntermediary } from '../device-settings.ts';
import type { StartNotification } from '../program.ts';
import {
  bulkEndpoint,
  componentVersions,
  deviceInformation,
  type InformationSource,
} from './device-information.ts';

/** One call, TLS handshake included. */
const DEADLINE = Seconds(15);

export interface NoticeOptions {
  readonly node: EnrolledNode;
  readonly intermediary: DeviceIntermediary;
  readonly information: InformationSource;
  readonly clock: Clock;
}

/** What the firmware tells its intermediary after a start, over mutual TLS. */
export interface IntermediaryNotices {
  register(signal: AbortSignal): Promise<void>;
  notifyStart(notification: StartNotification, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** @spec U6 A1 */
export const intermediaryNotices = ({
  node,
  intermediary,
  information,
  clock,
}: NoticeOptions): IntermediaryNotices => {
  const client = createSoapClient(intermediaryContract, {
    url: intermediary.secureUrl,
    tls: clientTlsOptions(node, { expect: { role: 'intermediary', name: intermediary.name } }),
    clock,
    connections: 1,
    deadline: DEADLINE,
  });
  return {
    register: async (signal) => {
      await client.call('Register', { device: deviceInformation(information) }, { signal });
    },
    notifyStart: async (notification, signal) => {
      const { settings, versions } = information;
      const request = {
        deviceId: settings.id,
        program: 'firmware',
        components: componentVersions(versions()),
        bulkPath: bulkEndpoint(information),
        ...notification,
      } as const;
      await client.call('NotifyStart', request, { signal });
    },
    close: () => client.close(),
  };
};
