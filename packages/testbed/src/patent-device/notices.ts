import { intermediaryContract } from '@postern/contracts';
import { type Clock, errorCode, type Logger, Milliseconds, stoppedWithin } from '@postern/core';
import { clientTlsOptions, type EnrolledNode } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { bulkEndpoint, components, type DeviceFacts, information } from './information.ts';

export interface PatentNoticesOptions {
  readonly facts: DeviceFacts;
  readonly intermediary: { readonly name: string; readonly secureUrl: string };
  readonly node: EnrolledNode;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onAnnounced?: (accepted: boolean) => void;
}

/** What the device tells its intermediary over mutual TLS. */
export interface PatentNotices {
  /** The device has started: it registers and notifies its start, until both are accepted. */
  started(): void;
  close(): Promise<void>;
}

const PAUSE = Milliseconds(200);

/** @spec U6 A1 */
export const openNotices = (options: PatentNoticesOptions): PatentNotices => {
  const { facts, intermediary, node, clock, logger, onAnnounced } = options;
  const client = createSoapClient(intermediaryContract, {
    url: intermediary.secureUrl,
    tls: clientTlsOptions(node, { expect: { role: 'intermediary', name: intermediary.name } }),
    clock,
    connections: 1,
  });
  const closing = new AbortController();
  const { signal } = closing;

  const notify = async (): Promise<void> => {
    await client.call('Register', { device: information(facts) }, { signal });
    const { id: deviceId } = facts;
    const bulkPath = bulkEndpoint(facts);
    const notice = { deviceId, program: 'firmware', components: components(facts), bulkPath } as const;
    await client.call('NotifyStart', notice, { signal });
  };

  const insist = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await notify();
        onAnnounced?.(true);
        return;
      } catch (error) {
        if (signal.aborted) return;
        onAnnounced?.(false);
        logger.warn('The start was not accepted', { code: errorCode(error, 'internal-error') });
      }
      if (await stoppedWithin(clock, PAUSE, signal)) return;
    }
  };

  let notifying: Promise<void> = Promise.resolve();
  return {
    started: () => {
      notifying = notifying.then(insist);
    },
    close: async () => {
      closing.abort();
      await notifying;
      await client.close();
    },
  };
};
