import { type Clock, type Logger, type NodeIdentity, toUri } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { BelowStore } from './ports.ts';

export interface ChildAdmissionOptions {
  /** This intermediary's name. */
  readonly name: string;
  readonly below: Pick<BelowStore, 'children' | 'addChild'>;
  /** Who may call; everybody of the role where none is listed. */
  readonly names: readonly string[] | undefined;
  readonly mostChildren: number;
  /** One has called for the first time. */
  readonly onNew: (child: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Beyond so many identities a refusal is logged again. */
const MOST_REMEMBERED = 1_000;

/** Lets intermediaries below in, by identity only. Refusals are logged once for each. */
export class ChildAdmission {
  readonly #options: ChildAdmissionOptions;
  readonly #known: Set<string>;
  readonly #noted = new Set<string>();

  constructor(options: ChildAdmissionOptions) {
    this.#options = options;
    this.#known = new Set(options.below.children());
  }

  /**
   * @param peer who the connection proved to be
   * @returns the name of the intermediary below
   * @throws PosternError `not-authorised`, `too-many-children`
   */
  admit(peer: NodeIdentity | undefined): string {
    const { name, names, mostChildren, below, onNew, clock, logger } = this.#options;
    if (peer?.role !== 'intermediary') {
      throw this.#refused(peer, `A ${peer?.role ?? 'caller without identity'} may not call here`);
    }
    // Two with one name, or an intermediary that is its own uplink.
    if (peer.name === name) throw this.#refused(peer, 'An intermediary is not below itself');
    if (names !== undefined && !names.includes(peer.name)) {
      throw this.#refused(peer, `${peer.name} is not listed as below ${name}`);
    }
    if (this.#known.has(peer.name)) return peer.name;
    if (this.#known.size >= mostChildren) {
      throw intermediaryError(
        'too-many-children',
        `${mostChildren} intermediaries are below ${name} already`,
      );
    }
    below.addChild(peer.name, clock.now());
    this.#known.add(peer.name);
    logger.info('An intermediary below has called for the first time', { child: peer.name });
    onNew(peer.name);
    return peer.name;
  }

  #refused(peer: NodeIdentity | undefined, message: string) {
    const caller = peer === undefined ? 'unknown' : toUri(peer);
    if (!this.#noted.has(caller)) {
      if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear();
      this.#noted.add(caller);
      this.#options.logger.warn('Refused to an intermediary below', { caller, reason: message });
    }
    return intermediaryError('not-authorised', message);
  }
}
