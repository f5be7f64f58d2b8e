import type { Manuals } from '../manual.ts';
import { conformancePages } from './conformance.ts';
import { nodePages } from './nodes.ts';
import { requestPages } from './requests.ts';
import { serverPages } from './server.ts';
import { sitePages } from './site.ts';
import { stackPages } from './stack.ts';
import { vendorPages } from './vendor.ts';

/** The manual of every command; `test/help.test.ts` finds commands without one. */
export const manuals: Manuals = {
  ...nodePages,
  ...conformancePages,
  ...vendorPages,
  ...serverPages,
  ...requestPages,
  ...sitePages,
  ...stackPages,
};
