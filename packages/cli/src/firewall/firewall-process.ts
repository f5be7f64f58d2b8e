import { type Clock, type Closable, createClosers, type Duration, type Logger } from '@postern/core';
import { createFirewall, type Endpoint } from '@postern/testbed';
import { startFirewallStatus } from './firewall-status.ts';

/** What the process of `postern firewall` is told. */
export interface FirewallProcessOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where nodes of the site connect. */
  readonly inside: Endpoint;
  /** Where these connections go. */
  readonly to: Endpoint;
  /** The site's public address. */
  readonly outside?: Endpoint | undefined;
  /** Where the counters are told. */
  readonly status?: Endpoint | undefined;
  readonly idleTimeout?: Duration | undefined;
  readonly bytesPerSecond?: number | undefined;
}

export interface FirewallProcess extends Closable {
  readonly inside: Endpoint;
  readonly statusPort: number | undefined;
}

/**
 * A site's simulated firewall with one way out.
 *
 * @throws PosternError `listen-failed`
 */
export const startFirewallProcess = async ({
  inside,
  to,
  outside,
  status,
  idleTimeout,
  bytesPerSecond,
  ...ports
}: FirewallProcessOptions): Promise<FirewallProcess> => {
  const ending = createClosers();
  try {
    const firewall = await createFirewall({
      ...ports,
      inside,
      ...(outside === undefined ? {} : { outside }),
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    });
    ending.add(() => firewall.close());
    const door = await firewall.openOutbound(to, inside.port);
    const told = status === undefined ? undefined : await startFirewallStatus(firewall, status);
    if (told !== undefined) ending.add(() => told.close());
    return { inside: door, statusPort: told?.port, close: () => ending.close() };
  } catch (error) {
    await ending.close();
    throw error;
  }
};
