import { testbedError } from '../errors.ts';
import type { PlacedLan } from '../topology/plan.ts';

/** Addresses of one LAN and its router. They exist in namespaces only, so nothing of the machine can collide with them. */
export interface LanAddresses {
  /** 1 and up. */
  readonly index: number;
  readonly subnet: string;
  /** The router's side of the LAN: the way out. */
  readonly router: string;
  readonly intermediary: string;
  readonly devices: ReadonlyMap<string, string>;
  /** The router's address towards whoever is above: all that is seen of the site there. */
  readonly public: string;
  /** The other end of that line. */
  readonly beyond: string;
}

const MOST_LANS = 250;
const MOST_DEVICES = 240;
const FIRST_DEVICE = 10;

/**
 * Gives every LAN a subnet of its own, so that a route from outside to its addresses can exist, and the firewall alone
 * keeps it shut.
 *
 * @throws PosternError `plan-invalid`
 */
export const lanAddresses = (lans: readonly PlacedLan[]): ReadonlyMap<string, LanAddresses> => {
  if (lans.length > MOST_LANS) {
    throw testbedError('plan-invalid', `Namespaces take ${MOST_LANS} LANs, not ${lans.length}`);
  }
  return new Map(
    lans.map(({ plan: { name, devices: own = [], foreignDevices = [] } }, at) => {
      const devices = [...own.map(({ id }) => id), ...foreignDevices];
      if (devices.length > MOST_DEVICES) {
        throw testbedError('plan-invalid', `Namespaces take ${MOST_DEVICES} devices in one LAN: ${name}`);
      }
      const index = at + 1;
      const host = (last: number): string => `10.77.${index}.${last}`;
      const addresses: LanAddresses = {
        index,
        subnet: `${host(0)}/24`,
        router: host(1),
        intermediary: host(2),
        devices: new Map(devices.map((id, place) => [id, host(FIRST_DEVICE + place)])),
        beyond: `100.64.${index}.1`,
        public: `100.64.${index}.2`,
      };
      return [name, addresses];
    }),
  );
};

/** The one line that shows on the machine itself: from the operator, in this process, to the server. */
export interface OperatorsLine {
  /** The interface on the machine. */
  readonly device: string;
  readonly operator: string;
  readonly server: string;
  readonly prefix: string;
}

/** How many of these lines the range has room for. */
export const OPERATORS_LINES = 16_384;

/**
 * Addresses are of 198.18.0.0/15, which no network of the world uses (RFC 2544): eight for each line.
 *
 * @param slot below {@link OPERATORS_LINES}
 */
export const operatorsLine = (slot: number): OperatorsLine => {
  const at = (host: number): string => {
    const address = slot * 8 + host;
    return `198.${18 + (address >> 16)}.${(address >> 8) & 255}.${address & 255}`;
  };
  return { device: `postern${slot}`, operator: at(1), server: at(2), prefix: `${at(0)}/29` };
};
