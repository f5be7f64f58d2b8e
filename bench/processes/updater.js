/**
 * The updater of (f): an intermediary of the project's own parts, which listens for its devices and exchanges credentials
 * with them when it is told to, in steps that can be measured one by one, and without anything around them.
 */
import { join } from 'node:path';
import { bulkPaths } from '@postern/bulk-transfer';
import { Instant, Milliseconds, Seconds, systemClock, systemEntropy } from '@postern/core';
import { composeIntermediary, openDatabaseStores, parseConfig } from '@postern/intermediary/compose';
import { openNodeIdentity } from '@postern/pki';
import { DEFAULT_POLICY, makeCredential, pinVendorKeys, versionReportName } from '@postern/software-update';
import { createImageStore } from '@postern/storage';
import { openDevices } from '../../packages/intermediary/dist/adapters/device/open-devices.js';
import { noticeListener, secureListener } from '../../packages/intermediary/dist/adapters/listeners.js';
import { listedPasswords } from '../../packages/intermediary/dist/domain/password-lists/listed-passwords.js';
import { cpuSeconds, serve } from '../support/child.js';
import { benchLogger } from '../support/logger.js';

/** @typedef {import('@postern/software-update').UpdateJob} UpdateJob */
/** @typedef {import('@postern/software-update').Shared} Shared */
/** @typedef {import('@postern/software-update').UpdateCredential} UpdateCredential */

const HOST = '127.0.0.1';
const LONGEST_REPORT = 65_536;

const clock = systemClock;
const entropy = systemEntropy;
const logger = benchLogger('updater');
const { signal } = new AbortController();

/** @param {import('@postern/intermediary/compose').IntermediaryConfigInput} input @param {string} vendorKey PEM */
const startUpdater = async (input, vendorKey) => {
  const config = parseConfig(input);
  const node = await openNodeIdentity({ directory: config.identityDir, clock });
  const { name } = node.identity;
  const images = await createImageStore({ directory: join(config.dataDir, 'images'), clock, maxBytes: 1 });
  const database = await openDatabaseStores(join(config.dataDir, 'intermediary.db'), { clock, logger });
  const stores = { ...database.stores, images };
  const outside = {
    ...(await openDevices({
      config,
      node,
      stores,
      notifyStartAt: async () => undefined,
      clock,
      entropy,
      logger,
    })),
    bulkPath: bulkPaths({ clock, logger }),
  };
  const vendorTrust = pinVendorKeys([vendorKey]);
  const domain = composeIntermediary({ config, name, stores, vendorTrust, outside, clock, entropy, logger });
  const { notices, passwords, words } = domain;
  const listening = { host: HOST, port: 0, notices, clock, logger };
  const secure = await secureListener({ ...listening, node, passwords, words, admitsUnproved: true });
  const notice = await noticeListener(listening);
  return {
    name,
    secure,
    notice,
    securePath: outside.securePath,
    bulkPath: outside.bulkPath,
    lists: listedPasswords({
      store: stores.passwordLists,
      devices: stores.devices,
      markPasswordUsed: outside.markPasswordUsed,
      onRemark: () => {},
      clock,
      entropy,
      logger,
    }),
    isRegistered: (/** @type {string} */ deviceId) => stores.devices.get(deviceId) !== undefined,
    close: async () => {
      await Promise.all([secure.close(), notice.close()]);
      await domain.close();
      database.close();
    },
  };
};

/** @type {Awaited<ReturnType<typeof startUpdater>>} */
let updater;
/** @type {Pick<UpdateJob, 'signedManifest' | 'manifest'>} */
let software;
let jobs = 0;

/** What is open at the devices, between `share` and `erase`. @type {{ job: UpdateJob, shared: Shared, credential: UpdateCredential }[]} */
let open = [];

/** @param {string} deviceId @param {UpdateJob['scheme']} scheme @returns {UpdateJob} */
const newJob = (deviceId, scheme) => {
  jobs += 1;
  return {
    ...software,
    jobId: `bench-${jobs}`,
    deviceId,
    updaterId: updater.name,
    deadline: Instant(clock.now() + Seconds(600)),
    policy: DEFAULT_POLICY,
    scheme,
  };
};

/** Both sides have the same password afterwards. @param {UpdateJob} job */
const share = async (job) => {
  if (job.scheme.credential === 'password-list') {
    const next = updater.lists.next(job);
    return { job, shared: next, credential: next.credential };
  }
  const ours =
    job.scheme.passwordGenerator === 'updater' ? makeCredential(entropy, job.updaterId) : undefined;
  const shared = await updater.securePath.share(job, ours, signal);
  const credential = shared.credential ?? ours;
  if (credential === undefined) throw new Error('There is no password');
  return { job, shared, credential };
};

/** Reads the version report, as every update does next. @param {typeof open[number]} opened */
const readReport = async ({ shared, credential }) => {
  const session = await updater.bulkPath.open(shared.target.endpoint, credential, signal);
  await session.retrieve(versionReportName(credential.nonce), LONGEST_REPORT, signal);
  await session.close(Milliseconds(500));
};

/** A listed password is marked as used before the transfer, the one behind it after the restart. @param {typeof open[number]} opened */
const mark = async ({ job, credential }) => {
  if (job.scheme.credential === 'password-list')
    await updater.lists.spend(job, credential, 'transfer', signal);
};

/** @param {typeof open[number]} opened */
const erase = async ({ job, credential }) => {
  if (job.scheme.credential === 'password-list') {
    await updater.lists.spend(job, updater.lists.next(job).credential, 'over', signal);
  } else {
    await updater.securePath.erase(job, credential, signal);
  }
};

/** One device after the other. @param {(opened: typeof open[number]) => Promise<void>} work */
const withEach = async (work) => {
  for (const opened of open) await work(opened);
};

serve(
  {
    /** @param {{ config: any, vendorKey: string, software: typeof software }} order */
    start: async (order) => {
      software = order.software;
      updater = await startUpdater(order.config, order.vendorKey);
      return { securePort: updater.secure.port, noticePort: updater.notice.port };
    },
    /** @param {readonly string[]} deviceIds */
    knows: (deviceIds) => deviceIds.every(updater.isRegistered),
    /** @param {{ deviceIds: readonly string[], scheme: UpdateJob['scheme'] }} order */
    share: async ({ deviceIds, scheme }) => {
      open = [];
      for (const deviceId of deviceIds) open.push(await share(newJob(deviceId, scheme)));
    },
    login: () => withEach(readReport),
    mark: () => withEach(mark),
    erase: () => withEach(erase),
    cpu: cpuSeconds,
  },
  async () => updater?.close(),
);
