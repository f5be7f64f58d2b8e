import type { NodeIdentity } from '@postern/core';
import type { TlsMode } from '@postern/software-update';
import type { DeviceSettings } from '../device-settings.ts';
import { deviceError } from '../errors.ts';

/** Who may call a device, and how its callers prove it. */
export interface Callers {
  readonly secureLink: TlsMode;
  /** Of the intermediary and of the stand-alone updaters. */
  readonly names: readonly string[];
}

export const callersOf = ({ secureLink, intermediary, updaters }: DeviceSettings): Callers => ({
  secureLink,
  names: [intermediary.name, ...updaters],
});

/**
 * A device obeys its intermediary and the updaters it was told of, and only by the name that TLS proved. Over a link
 * that is `device-authenticated` nobody proves a name: there the signed manifest decides.
 *
 * @throws PosternError `not-authorised`
 * @spec A1 A2 A3
 */
export const authoriseCaller =
  ({ secureLink, names }: Callers) =>
  (peer: NodeIdentity | undefined): void => {
    if (secureLink === 'device-authenticated') return;
    if (peer?.role === 'intermediary' && names.includes(peer.name)) return;
    throw deviceError(
      'not-authorised',
      'Only the intermediary of this device, or an updater of its, may call it',
    );
  };

/**
 * A password is stored under the name of whoever sends it, never under another's; where callers prove no name, it
 * must at least be one that the device knows.
 *
 * @throws PosternError `not-authorised`
 */
export const requireOwnName = (
  { secureLink, names }: Callers,
  userName: string,
  peer: NodeIdentity | undefined,
): void => {
  const own = secureLink === 'device-authenticated' ? names.includes(userName) : userName === peer?.name;
  if (!own) throw deviceError('not-authorised', 'The user name is not that of the caller');
};
