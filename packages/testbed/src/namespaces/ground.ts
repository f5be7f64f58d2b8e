import { type Clock, createClosers, type NodeIdentity } from '@postern/core';
import { refuse } from '../faults/refusal.ts';
import type { Ground, NodePlace } from '../ground/ground.ts';
import { present } from '../site/present.ts';
import { aboveIn, type PlacedLan } from '../topology/plan.ts';
import { type LanAddresses, lanAddresses } from './addresses.ts';
import { KernelFirewall, type Router } from './kernel-firewall.ts';
import { layLan, layOperatorsLine, removeOperatorsLine } from './lay-lines.ts';
import { Namespace } from './namespace.ts';
import { requireNamespaces } from './requirements.ts';

interface BuiltLan extends Router {
  readonly addresses: LanAddresses;
}

/**
 * A network of Linux network namespaces: `wan` with the server, and for every LAN one with its intermediary and devices
 * behind one with a router. The kernel keeps the sides apart; all that this machine itself sees is a line to the server.
 *
 * @param lans each after the one above it
 * @throws PosternError `namespaces-unavailable`, `network-command-failed`, `plan-invalid`
 */
export const openNamespaces = async (clock: Clock, lans: readonly PlacedLan[]): Promise<Ground> => {
  const addresses = lanAddresses(lans);
  requireNamespaces();
  const closers = createClosers();
  const open = async (label: string): Promise<Namespace> => {
    const namespace = await Namespace.open(clock, label);
    closers.add(() => namespace.close());
    return namespace;
  };
  const built = new Map<string, BuiltLan>();
  const lanNamed = (name: string): BuiltLan => present(built.get(name), `LAN ${name}`);
  try {
    const wan = await open('wan');
    wan.set({ 'ipv4/ip_forward': 0 });
    const line = layOperatorsLine(wan);
    closers.add(() => removeOperatorsLine(line));
    for (const { plan, above } of lans) {
      const own = present(addresses.get(plan.name), `LAN ${plan.name}`);
      const router = await open(`router of ${plan.name}`);
      const lan = await open(`LAN of ${plan.name}`);
      layLan(own, { router, lan }, above === undefined ? wan : lanNamed(above).lan);
      built.set(plan.name, { addresses: own, router, lan });
    }
    return {
      place: (node) => {
        if (node.role === 'server') return { host: line.server, launch: wan.launch };
        const home = node.role === 'device' ? aboveIn(lans)(node.name) : node.name;
        return placeIn(node, lanNamed(present(home, `LAN of ${node.name}`)));
      },
      placeFirewall: async (name, { clock: _, logger: __, entropy: ___, recorded, ...line }) => {
        if (recorded === true) refuse('record what passes a firewall', 'namespaces');
        const firewall = new KernelFirewall(lanNamed(name));
        firewall.shape(line);
        return firewall;
      },
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
};

const placeIn = ({ role, name }: NodeIdentity, { addresses, lan }: BuiltLan): NodePlace => ({
  host:
    role === 'intermediary' ? addresses.intermediary : present(addresses.devices.get(name), `device ${name}`),
  launch: lan.launch,
});
