import type { Closable, NodeIdentity } from '@postern/core';
import { createFirewall, type Firewall, type FirewallOptions } from '../firewall/index.ts';

/** Where the processes of one node run, and under which address others reach it. */
export interface NodePlace {
  /** What the node listens on, and what all others that may call it are told. */
  readonly host: string;
  /** What stands before the command line of its process (`nsenter --net=… --`); empty: it is started as it is. */
  readonly launch: readonly string[];
}

/**
 * The network that a topology stands on: loopback, or network namespaces. All that differs between the two is said here,
 * so that server, LANs and devices are started in one way.
 */
export interface Ground extends Closable {
  /**
   * Where a node is. The devices of a LAN are one process, and so is a carrier with its intermediary: these nodes have
   * one `launch`.
   */
  place(node: NodeIdentity): NodePlace;
  /**
   * Puts the firewall between a LAN and whoever is above it. {@link Firewall.openOutbound} says where the intermediary
   * calls: a port of a gateway, or the target itself where the firewall routes.
   *
   * @param lan the intermediary's name
   */
  placeFirewall(lan: string, options: Omit<FirewallOptions, 'inside' | 'outside'>): Promise<Firewall>;
}

/** Where everything of this machine listens. */
export const LOOPBACK = '127.0.0.1';

/** Everything on this machine's loopback; firewalls are gateways in this process. */
export const loopbackGround = (): Ground => ({
  place: () => ({ host: LOOPBACK, launch: [] }),
  placeFirewall: (_, options) => createFirewall({ ...options, inside: { host: LOOPBACK } }),
  close: async () => {},
});
