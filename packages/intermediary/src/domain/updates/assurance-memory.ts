import { type SecurePath, type ShareResult, updateError } from '@postern/software-update';
import type { DeviceStore } from '../devices.ts';
import { type DeviceLink, provesNothing } from '../schemes/device-links.ts';

/** What a device does for its updates beyond the plain minimum. */
export type ShownAssurance = Pick<ShareResult, 'manifestChecked' | 'authenticatedReports'>;

export interface AssuranceMemoryOptions {
  readonly devices: Pick<DeviceStore, 'assurance' | 'noteAssurance'>;
  readonly linkOf: (deviceId: string) => DeviceLink;
}

/** @throws PosternError `assurance-lowered` */
export type AdmitAssurance = (deviceId: string, shown: ShownAssurance) => void;

const MEANINGS: readonly (readonly [keyof ShownAssurance, string])[] = [
  ['manifestChecked', 'checks manifests'],
  ['authenticatedReports', 'authenticates its version reports'],
];

/**
 * Remembers what a device has once done for an update, and admits nothing less from then on: whoever has stolen its
 * certificate could otherwise take an update in its place by doing less than the device itself. A device that proves
 * nothing (A2) is held to the memory but adds nothing to it: anybody could.
 *
 * @spec X1 X2 A2
 */
export const assuranceMemory =
  ({ devices, linkOf }: AssuranceMemoryOptions): AdmitAssurance =>
  (deviceId, shown) => {
    const known = devices.assurance(deviceId);
    const link = linkOf(deviceId);
    const lost = MEANINGS.filter(([key]) => known[key] && !shown[key]).map(([, what]) => what);
    if (lost.length > 0 && !link.allowLowerAssurance) {
      throw updateError(
        'assurance-lowered',
        `${deviceId} no longer ${lost.join(' and ')}, which it once did`,
      );
    }
    if (provesNothing(link)) return;
    const manifestChecked = known.manifestChecked || shown.manifestChecked;
    const authenticatedReports = known.authenticatedReports || shown.authenticatedReports;
    devices.noteAssurance(deviceId, { manifestChecked, authenticatedReports });
  };

/** A secure path on which a share counts only if the device does what it has once done. */
export const heldToAssurance = (securePath: SecurePath, admit: AdmitAssurance): SecurePath => ({
  share: async (job, credential, signal) => {
    const shared = await securePath.share(job, credential, signal);
    admit(job.deviceId, shared.target);
    return shared;
  },
  erase: (job, credential, signal) => securePath.erase(job, credential, signal),
});
