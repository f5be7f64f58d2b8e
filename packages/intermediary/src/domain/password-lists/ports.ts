import type { PasswordList } from '@postern/software-update';

/** A password of a list that is not used up. */
export interface ListedPassword {
  readonly list: string;
  readonly entry: number;
  readonly userName: string;
  readonly password: string;
  /** Hexadecimal. */
  readonly reportKey: string;
}

/** How far a device's list is used up. */
export interface ListUse {
  readonly list: string;
  /** Entries of the whole list. */
  readonly size: number;
  /** Entries that are not used up. */
  readonly remaining: number;
}

/**
 * The updater's copies of the password lists. Positions only ever rise, also when an earlier list comes back. All calls
 * are synchronous and durable on return.
 */
export interface PasswordListStore {
  /**
   * Makes a list the one of its device; does nothing when it is.
   *
   * @returns whether another list, or none, was in its place
   */
  adopt(list: PasswordList): boolean;
  use(deviceId: string): ListUse | undefined;
  /** The first password of the device's list that is not used up. */
  next(deviceId: string): ListedPassword | undefined;
  /** Notes an entry and all before it as used up, and forgets them. */
  markUsed(list: string, entry: number): void;
}
