import type { uplink } from '@postern/contracts';

/** What one message makes of its sender's list of devices. */
export interface ListPart {
  /** `changes` of a list that is held; else part of a whole list, of which parts are `missing`, or none: it is `whole`. */
  readonly state: 'changes' | 'missing' | 'whole';
  /** What a whole list has named so far and the sender has here; whoever takes the part adds its names. */
  readonly names: Set<string>;
  /** The revision to be stored: until a whole list has come, none is, so that it begins anew after a restart. */
  readonly stored: number;
}

/**
 * Which revision of each sender's list of devices is held here. A long list comes in parts; only the last one tells what
 * is no longer in it. Called beside the transaction that stores a part: {@link part} in it, {@link taken} after its commit.
 *
 * @spec T2
 */
export class DeviceLists {
  readonly #held: Map<string, number>;
  /** What whole lists have named of which parts are missing. As many names at most as the sender has devices here. */
  readonly #missing = new Map<string, ReadonlySet<string>>();

  /** @param stored the revision of each sender whose list is stored */
  constructor(stored: Iterable<readonly [sender: string, revision: number]>) {
    this.#held = new Map(stored);
  }

  /** The revision held of a sender's list; 0 when none is, which has it send the whole one. */
  revision(sender: string): number {
    return this.#held.get(sender) ?? 0;
  }

  /** Whether nothing is known of a sender's devices. */
  lacks(sender: string): boolean {
    return this.revision(sender) === 0;
  }

  /**
   * The poll without a list that cannot be taken: changes that are older than what is held (it was under way for long, and
   * a later one overtook it: nobody would tell again what is newer), or that follow a revision which is not held yet. The
   * answer names what is held, and the sender goes on from there. A whole list may begin anew: its sender has lost the one
   * before.
   */
  acceptable(sender: string, poll: uplink.Poll): uplink.Poll {
    const { devices, ...rest } = poll;
    if (devices === undefined || devices.complete) return poll;
    const held = this.revision(sender);
    return devices.revision < held || (devices.since ?? 0) > held ? rest : poll;
  }

  /** What acceptable changes are to the list; changes nothing here. */
  part(sender: string, { complete, more, revision }: uplink.DeviceChanges): ListPart {
    const before = complete ? new Set<string>() : this.#missing.get(sender);
    if (before === undefined) return { state: 'changes', names: new Set(), stored: revision };
    return more === true
      ? { state: 'missing', names: new Set(before), stored: 0 }
      : { state: 'whole', names: new Set(before), stored: revision };
  }

  /** A part is stored. */
  taken(sender: string, { revision }: uplink.DeviceChanges, { state, names }: ListPart): void {
    this.#held.set(sender, revision);
    if (state === 'missing') this.#missing.set(sender, names);
    else this.#missing.delete(sender);
  }
}
