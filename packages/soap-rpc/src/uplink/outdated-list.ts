import type { uplink } from '@postern/contracts';

/**
 * A poll without changes of the list of devices that are older than what is held already: it was under way for long,
 * and a later one overtook it. Taking them would undo what is newer, and nobody would tell that again. A whole list may
 * begin anew: its sender has lost the one before.
 *
 * @param held the revision that is stored of the sender's list
 */
export const withoutOutdatedList = (poll: uplink.Poll, held: number): uplink.Poll => {
  const { devices, ...rest } = poll;
  return devices !== undefined && !devices.complete && devices.revision < held ? rest : poll;
};
