import { updateError } from '../errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { IncomingCredential } from './incoming-credential.ts';
import type { Installer } from './installer.ts';
import type { ManifestJudge, VendorNews } from './manifest-judge.ts';
import type { OpenSession } from './open-session.ts';
import { type Installation, NOTHING } from './record.ts';
import type { RecordKeeper } from './record-keeper.ts';

/** What a target is made of. */
export interface TargetParts {
  readonly ports: TargetPorts;
  readonly keeper: RecordKeeper;
  readonly judge: ManifestJudge;
  readonly installer: Installer;
  readonly session: OpenSession;
  /** Versions that run, by component. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Learns what came with a manifest, then judges it. Call it inside the keeper's `exclusively`.
 *
 * @returns what is to be expected under it
 * @throws PosternError `update-already-open`, and as {@link ManifestJudge}
 */
export const installationUnder = async (
  { judge, installer, keeper, versions }: TargetParts,
  jobId: string,
  incoming: VendorNews & Pick<IncomingCredential, 'signedManifest'>,
): Promise<Installation> => {
  if (installer.activity === 'installing') {
    throw updateError('update-already-open', 'The device is installing; ask again after its restart');
  }
  const now = await judge.learn(incoming);
  // Its vendor key may just have been revoked.
  if (keeper.record.installation.kind !== 'staged') installer.stopWaiting();
  if (incoming.signedManifest === undefined) return NOTHING;
  return installer.installationOf(jobId, judge.admitted(incoming.signedManifest, versions, now));
};
