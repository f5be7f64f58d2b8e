import type { Clock, Logger } from '@postern/core';
import { createFirewall, type Firewall } from '../firewall/index.ts';
import type { Endpoint } from '../tcp/listener.ts';

/** What stands between the devices and the two ports of their intermediary: both are recorded, and can be cut. */
export interface CallTaps {
  readonly secureFirewall: Firewall;
  readonly noticeFirewall: Firewall;
  /** Where devices call instead. */
  readonly secure: Endpoint;
  readonly notice: Endpoint;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Puts taps in front of an intermediary that listens on these ports, now and after every restart. */
export const tapCalls = async (
  clock: Clock,
  logger: Logger,
  ports: { readonly secure: number; readonly notice: number },
): Promise<CallTaps> => {
  const options = { clock, logger, inside: { host: HOST }, recorded: true };
  const secureFirewall = await createFirewall(options);
  const noticeFirewall = await createFirewall(options);
  return {
    secureFirewall,
    noticeFirewall,
    secure: await secureFirewall.openOutbound({ host: HOST, port: ports.secure }),
    notice: await noticeFirewall.openOutbound({ host: HOST, port: ports.notice }),
    close: async () => {
      await Promise.all([secureFirewall.close(), noticeFirewall.close()]);
    },
  };
};
