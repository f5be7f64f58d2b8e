import { readFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type IntermediaryOperations, intermediaryContract } from '@postern/contracts';
import { systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { type BulkPathKind, judgeScheme, type UpdateScheme } from '@postern/software-update';
import type { IntermediaryChoices, LinkChoices, Site, UpdatePolicy } from '@postern/testbed';
import { FACTORY, targetRecord } from '../support/printer-site.ts';
import {
  BULK_KINDS,
  type Cell,
  choicesOf,
  DEVICE_KINDS,
  deviceName,
  PARTIES,
  refusedCells,
} from './cells.ts';
import { devicesOfEveryKind, OPENING_TIME, openSchemeSite, QUICK, releaseNumber } from './scheme-site.ts';

/** Devices that prove nothing, of each kind; devices that prove all, of each bulk path; devices with a list. */
const UNPROVED = DEVICE_KINDS.filter(({ tls }) => tls === 'intermediary-authenticated');
const PROVED = DEVICE_KINDS.filter(({ tls, plain }) => tls === 'mutual' && !plain);
const LISTED = 'listed';
const LISTED_SFTP = 'listed-sftp';

const provedName = (kind: BulkPathKind): string =>
  deviceName({ tls: 'mutual', bulkPathKind: kind, plain: false });

let site: Site;
let software: { readonly id: string };
let before: ReadonlyMap<string, unknown>;

const records = async (): Promise<ReadonlyMap<string, unknown>> =>
  new Map(await Promise.all(DEVICES.map(async (id) => [id, await targetRecord(site, id)] as const)));

const DEVICES = [...[...UNPROVED, ...PROVED].map(deviceName), LISTED, LISTED_SFTP];

beforeAll(async () => {
  site = await openSchemeSite([
    ...devicesOfEveryKind([...UNPROVED, ...PROVED]),
    { id: LISTED, passwords: 10, plain: true },
    { id: LISTED_SFTP, passwords: 10, plain: true, bulkPathKind: 'sftp' },
  ]);
  software = await site.operator.register(releaseNumber(0));
  await site.shelve(releaseNumber(0));
  before = await records();
}, OPENING_TIME);

// Whatever is refused: nothing has changed at any device.
afterEach(async () => {
  expect(await records()).toEqual(before);
  for (const id of DEVICES) expect(site.device(id).versions).toEqual({ firmware: FACTORY.version });
});

const reasonOf = (scheme: UpdateScheme): string => {
  const verdict = judgeScheme(scheme);
  if (verdict.allowed) throw new TypeError('The scheme is allowed');
  return verdict.reason;
};

/** How an order of the server ends that the site refuses, and what was done until then. */
const refusedByServer = async (deviceId: string, policy: UpdatePolicy) => {
  const { id } = await site.operator.order(deviceId, software, undefined, policy);
  const { state, failure, credential } = await site.operator.finished(id);
  const journal = await site.operator.client.journal(id);
  const steps = journal.map(({ step }) => step).filter((step) => step !== 'S101' && step !== 'S124');
  return { state, code: failure?.code, message: failure?.message, credential, steps };
};

const refused = (code: string, reason: string) => ({
  state: 'failed',
  code,
  message: expect.stringContaining(reason),
  credential: null,
  steps: [],
});

const start = (choices: IntermediaryChoices): Promise<void> =>
  site.startIntermediary({ ...QUICK, ...choices });

const startWith = (deviceId: string, link: LinkChoices): Promise<void> =>
  start({ devices: { [deviceId]: link } });

/** Somebody presses the key, and reads what the panel shows then. */
const pressed = async (deviceId: string, generator: (typeof PARTIES)[number]) => {
  const device = site.device(deviceId);
  const { outcome, code, text } = await device.orderUpdate({ generator });
  return { outcome, code, shown: device.panel.at(-1) === text };
};

describe('a combination that is refused, asked for with an order', () => {
  /** @spec A2 U18 */
  test.each(refusedCells('server', UNPROVED))('by the server: $name', async ({ deviceId, scheme }) => {
    expect(await refusedByServer(deviceId, choicesOf(scheme))).toEqual(
      refused('scheme-not-allowed', reasonOf(scheme)),
    );
  });

  /** @spec A2 U16 U17 */
  test.each(panelOrders())('at the panel: $name', async ({ deviceId, scheme }) => {
    expect(await pressed(deviceId, scheme.passwordGenerator)).toEqual({
      outcome: 'failed',
      code: 'link-too-weak',
      shown: true,
    });
  });

  /** @spec A2 U16 U17 U18 */
  test('by somebody without a certificate, who speaks for a device at the intermediary', async () => {
    const client = createSoapClient<IntermediaryOperations>(intermediaryContract, {
      url: `https://127.0.0.1:${site.intermediary.ready.securePort}/intermediary`,
      clock: systemClock,
      tls: clientTlsOptions(
        { caPem: await readFile(site.files.caFile, 'utf8') },
        { expect: { role: 'intermediary', name: site.name } },
      ),
    });
    const password = { oneTimePassword: 'p'.repeat(43), reportKey: Buffer.alloc(32, 1) };
    const job = { jobId: 'panel-1', lifetimeSeconds: 60 };
    try {
      for (const call of [
        client.call('RequestOneTimePassword', { orderId: 'panel-1' }),
        client.call('StoreOneTimePassword', { ...job, ...password }),
        client.call('EraseOneTimePassword', { jobId: 'panel-1' }),
      ]) {
        await expect(call).rejects.toMatchObject({ code: 'not-authorised' });
      }
    } finally {
      await client.close();
    }
    expect(await site.operations.updates()).toEqual([]);
  });
});

describe('a combination that is refused, configured', () => {
  /** When a site starts nobody has ordered yet: what is refused then is refused to all. */
  const CONFIGURED = refusedCells('operation-port', UNPROVED);

  /** @spec A2 U18 */
  test.each(CONFIGURED)('does not start for one device: $name', async ({ deviceId, scheme }) => {
    await expect(startWith(deviceId, choicesOf(scheme))).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(`devices.${deviceId}: ${reasonOf(scheme)}`),
    });
  });

  /** @spec A2 U18 */
  test.each(CONFIGURED)('does not start for the whole site: $name', async ({ scheme }) => {
    await expect(start({ scheme: { tls: scheme.tls, ...choicesOf(scheme) } })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(`scheme: ${reasonOf(scheme)}`),
    });
  });

  /** @spec P1 B2 B3 */
  test.each(BULK_KINDS.filter((kind) => kind !== 'ftp'))(
    'does not start with a list: %s',
    async (bulkPathKind) => {
      const reason = reasonOf({ credential: 'password-list', orderedBy: 'server', bulkPathKind });
      await expect(startWith(LISTED, { bulkPathKind })).rejects.toMatchObject({
        code: 'config-invalid',
        message: expect.stringContaining(`devices.${LISTED}: ${reason}`),
      });
    },
  );
});

describe('another bulk path than the device has', () => {
  const PAIRS = BULK_KINDS.flatMap((has) =>
    BULK_KINDS.filter((wanted) => wanted !== has).map((wanted) => ({ has, wanted })),
  );

  /** @spec B1 B2 B3 */
  test.each(PAIRS)('demanded with an order: $wanted of a device with $has', async ({ has, wanted }) => {
    expect(await refusedByServer(provedName(has), { bulkPathKind: wanted })).toEqual(
      refused('bulk-path-not-allowed', `${wanted} is asked for, the device serves ${has}`),
    );
  });

  /** @spec B1 B2 B3 I4 U16 U17 */
  test.each(PAIRS)(
    'demanded by the configuration: $wanted of a device with $has',
    async ({ has, wanted }) => {
      const deviceId = provedName(has);
      await site.intermediary.stop();
      await startWith(deviceId, { bulkPathKind: wanted });
      await expect(site.operations.order({ deviceId })).rejects.toMatchObject({
        code: 'bulk-path-not-allowed',
      });
      for (const generator of PARTIES) {
        expect(await pressed(deviceId, generator)).toEqual({
          outcome: 'refused',
          code: 'bulk-path-not-allowed',
          shown: true,
        });
      }
      expect(await refusedByServer(deviceId, {})).toMatchObject({ code: 'bulk-path-not-allowed' });
    },
  );
});

describe('a device with a password list', () => {
  /** @spec P1 U16 U17 */
  test.each(PARTIES)('orders nothing at its panel: password made by the %s', async (generator) => {
    expect(await pressed(LISTED, generator)).toEqual({
      outcome: 'refused',
      code: 'scheme-not-allowed',
      shown: true,
    });
  });

  /** @spec P1 */
  test.each<UpdatePolicy>([
    { passwordGenerator: 'updater' },
    { passwordGenerator: 'target' },
    { eraser: 'updater' },
    { eraser: 'target' },
    { invalidation: 'overwrite-random' },
    { invalidation: 'request' },
  ])('takes no order with %j: nobody makes or ends its passwords', async (policy) => {
    expect(await refusedByServer(LISTED, policy)).toEqual(refused('scheme-not-allowed', 'password list'));
  });

  /** @spec P1 B3 */
  test('is not updated over SFTP, whoever orders', async () => {
    const reason = reasonOf({ credential: 'password-list', orderedBy: 'server', bulkPathKind: 'sftp' });
    expect(await refusedByServer(LISTED_SFTP, {})).toEqual(refused('scheme-not-allowed', reason));
    await expect(site.operations.order({ deviceId: LISTED_SFTP })).rejects.toMatchObject({
      code: 'scheme-not-allowed',
      message: expect.stringContaining(reason),
    });
  });
});

/** At a panel nobody says who is to end the password, nor how. */
function panelOrders(): readonly Cell[] {
  const told = new Map<string, Cell>();
  for (const cell of refusedCells('panel', UNPROVED)) {
    told.set(`${cell.deviceId} ${cell.scheme.passwordGenerator}`, {
      ...cell,
      name: `${cell.deviceId}, password made by the ${cell.scheme.passwordGenerator}`,
    });
  }
  return [...told.values()];
}
