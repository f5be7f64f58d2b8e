import type { device } from '@postern/contracts';
import { MOST_ROTATIONS } from '@postern/software-update';
import type { Shelf as OrderShelf, ShelfSoftware } from '../updates/local-order.ts';
import type { SiteTrust } from '../vendor-trust.ts';
import type { InstalledVersions } from './newest.ts';
import type { ShelfItem } from './ports.ts';
import type { Shelf } from './shelf.ts';

/** What a device said that it runs. */
export const versionsOf = ({ components }: device.DeviceInformation): InstalledVersions =>
  Object.fromEntries(components.item.map(({ component, version }) => [component, version]));

/** The rotations that travel with every order: the newest ones, as many as a contract carries. */
export const travelling = (trust: SiteTrust): readonly Uint8Array[] =>
  trust.rotations().slice(-MOST_ROTATIONS);

/** A shelf's entry as orders take it. */
export const asOrdered = (
  { signedManifest }: Pick<ShelfItem, 'signedManifest'>,
  trust: SiteTrust,
): ShelfSoftware => ({
  signedManifest,
  keyRotations: travelling(trust),
});

/** The shelf as orders of the site see it. */
export const orderShelf = (shelf: Shelf, trust: SiteTrust): OrderShelf => ({
  newestFor: (information) => {
    const item = shelf.newestFor(information.model, versionsOf(information));
    return item && asOrdered(item, trust);
  },
});
