import { beforeAll, expect, test } from '@jest/globals';
import type { Site } from '@postern/testbed';
import { targetRecord } from '../support/printer-site.ts';
import { TLS_MODES } from './cells.ts';
import { OPENING_TIME, openSchemeSite, releaseNumber } from './scheme-site.ts';

/** What the device is set to, and what the intermediary takes it for. */
const PAIRS = TLS_MODES.flatMap((secureLink) =>
  TLS_MODES.filter((tls) => tls !== secureLink).map((tls) => ({
    id: `${secureLink}-${tls}`,
    secureLink,
    tls,
  })),
);

/** A device that presents no certificate does not even register where one is demanded. */
const UNPROVED = PAIRS.filter(({ secureLink }) => secureLink === 'intermediary-authenticated');
const REGISTERED = PAIRS.filter((pair) => !UNPROVED.includes(pair));

let site: Site;
let software: { readonly id: string };

beforeAll(async () => {
  site = await openSchemeSite(
    PAIRS.map(({ id, secureLink, tls }) => ({ id, secureLink, link: { tls } })),
    { silent: UNPROVED.map(({ id }) => id) },
  );
  software = await site.operator.register(releaseNumber(0));
}, OPENING_TIME);

/** @spec A1 A2 A3 */
test.each(REGISTERED)(
  'a device that is set to $secureLink and taken for $tls is not updated',
  async ({ id, secureLink, tls }) => {
    const { state, failure } = await site.operator.finished((await site.operator.order(id, software)).id);
    expect({ state, code: failure?.code }).toEqual({ state: 'failed', code: 'link-mismatch' });
    // Both settings are named.
    expect(failure?.message).toContain(secureLink);
    expect(failure?.message).toContain(tls);
    expect((await targetRecord(site, id)).credential).toEqual({ kind: 'none' });
  },
);

/** @spec A2 */
test.each(UNPROVED)(
  'a device that is set to $secureLink and taken for $tls does not register',
  async ({ id }) => {
    await expect(site.operator.order(id, software)).rejects.toMatchObject({ code: 'device-unknown' });
  },
);
