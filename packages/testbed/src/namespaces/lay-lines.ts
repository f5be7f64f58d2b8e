import { testbedError } from '../errors.ts';
import { type LanAddresses, OPERATORS_LINES, type OperatorsLine, operatorsLine } from './addresses.ts';
import { runCommand, tryCommand } from './command.ts';
import type { Router } from './kernel-firewall.ts';
import type { Namespace } from './namespace.ts';
import { ROUTER_RULES } from './ruleset.ts';

/** An end of a line that sends packets as they go over a wire, so that a loss is that of one packet and not of 64 KiB. */
const WIRE = 'gso_max_segs 1';

/**
 * Connects a LAN with its router, and that with whoever is above. Outside has a route to the LAN's addresses, as a
 * neighbour in the same provider's network could: nothing but the rules keeps it out.
 */
export const layLan = (
  { index, subnet, router: inner, intermediary, devices, public: outer, beyond }: LanAddresses,
  { router, lan }: Router,
  outside: Namespace,
): void => {
  const site = `site${index}`;
  router.run(['nft', '-f', '-'], ROUTER_RULES);
  // A connection that the router has forgotten is none that it takes up in its middle.
  router.set({ 'ipv4/ip_forward': 1, 'netfilter/nf_conntrack_tcp_loose': 0 });
  lan.set({ 'ipv4/ip_forward': 0 });
  router.ip(
    `link add wan type veth peer name ${site} netns ${outside.pid}`,
    `link add lan type veth peer name router netns ${lan.pid}`,
    `address add ${outer}/30 dev wan`,
    `address add ${inner}/24 dev lan`,
    'link set wan up',
    'link set lan up',
  );
  outside.ip(
    `address add ${beyond}/30 dev ${site}`,
    `link set ${site} ${WIRE} up`,
    `route add ${subnet} via ${outer}`,
  );
  router.ip(`route add default via ${beyond}`);
  lan.ip(
    ...[intermediary, ...devices.values()].map((address) => `address add ${address}/24 dev router`),
    `link set router ${WIRE} up`,
    `route add default via ${inner}`,
  );
};

/** Lays the line from this machine to the server. The interface's name is the claim on its addresses. */
export const layOperatorsLine = (wan: Namespace): OperatorsLine => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const line = operatorsLine((process.pid + tries) % OPERATORS_LINES);
    const { device, operator, server, prefix } = line;
    if (runCommand(['ip', '-o', 'address', 'show', 'to', prefix]) !== '') continue;
    const added = tryCommand(
      `ip link add ${device} type veth peer name operators netns ${wan.pid}`.split(' '),
    );
    if (added.status !== 0) {
      if (/File exists/.test(added.stderr)) continue;
      throw testbedError('network-command-failed', `The operator's line: ${added.stderr.trim()}`);
    }
    runCommand(['ip', '-batch', '-'], `address add ${operator}/29 dev ${device}\nlink set ${device} up\n`);
    wan.ip(`address add ${server}/29 dev operators`, 'link set operators up');
    return line;
  }
  throw testbedError('namespaces-unavailable', 'This machine has no free line to the namespaces');
};

/** More topologies at once than a machine has room for. */
const MOST_TRIES = 64;

/** Takes it away, which its other end's namespace does a little later too. */
export const removeOperatorsLine = ({ device }: OperatorsLine): void => {
  tryCommand(['ip', 'link', 'delete', device]);
};
