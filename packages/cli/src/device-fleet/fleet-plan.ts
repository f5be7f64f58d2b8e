import { join } from 'node:path';
import { cliError } from '../errors.ts';

/** A fleet of devices of one kind, as the command line asks for it. */
export interface FleetRequest {
  readonly count: number;
  /** Begins the name of each device: `mfp-1`. */
  readonly prefix: string;
  /** A profile of the package by name, or the path of one. */
  readonly profile: string;
  /** Holds the development CA (`ca`) and the bundles of its nodes (`identities/NAME`). */
  readonly pki: string;
}

/** A device of a fleet, as the configuration of a process of devices takes it. */
export interface FleetMember {
  readonly id: string;
  readonly identityDir: string;
  readonly profile: string;
}

/** Names are those of nodes: what is left of 64 characters for the number has to do. */
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,57}$/;

export const caDirectory = (pki: string): string => join(pki, 'ca');

/**
 * The devices of a fleet: the same request names the same ones.
 *
 * @throws PosternError `fleet-invalid`
 */
export const fleetMembers = ({ count, prefix, profile, pki }: FleetRequest): readonly FleetMember[] => {
  if (!PREFIX.test(prefix)) throw cliError('fleet-invalid', `Devices cannot be called ${prefix}1`);
  if (count > 10_000) throw cliError('fleet-invalid', `${count} devices are too many for one process`);
  return Array.from({ length: count }, (_, index) => {
    const id = `${prefix}${index + 1}`;
    return { id, profile, identityDir: join(pki, 'identities', id) };
  });
};
