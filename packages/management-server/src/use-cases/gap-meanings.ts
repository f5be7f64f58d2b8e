import type { AssuranceGap } from '@postern/software-update';

/** What each gap means, in one line. */
export const GAP_MEANINGS: Readonly<Record<AssuranceGap, string>> = {
  'manifest-unchecked': 'The device checks no signed manifest: it installs whatever reaches it.',
  'reports-unauthenticated': 'Whoever is on the bulk path can forge the version report of the device.',
  'device-unauthenticated': 'Another node may have answered in the place of the device.',
  'updater-unauthenticated': 'The device takes passwords from whoever reaches it.',
  'listed-password': 'The password came from a list that existed in files before the update.',
};
