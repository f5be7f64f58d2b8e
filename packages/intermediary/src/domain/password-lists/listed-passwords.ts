import type { device } from '@postern/contracts';
import { type Clock, type Entropy, type Logger, PosternError } from '@postern/core';
import {
  type ListEntry,
  type ListedPasswords,
  makeNonce,
  type UpdateCredential,
  type UpdateJob,
  updateError,
  usedPasswordCode,
} from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import type { DeviceStore } from '../devices.ts';
import { bulkEndpoint } from '../updates/bulk-endpoint.ts';
import { lifetimeSeconds, softwareOf } from '../updates/share-parts.ts';
import type { ListUse, PasswordListStore } from './ports.ts';

/** Tells a device in plain HTTP. @throws PosternError with the device's refusal code, or a transport code */
export type MarkPasswordUsed = (
  deviceId: string,
  request: device.MarkPasswordUsed,
  signal: AbortSignal,
) => Promise<device.MarkPasswordUsedResponse>;

export interface ListedPasswordsOptions {
  readonly store: PasswordListStore;
  readonly devices: DeviceStore;
  readonly markPasswordUsed: MarkPasswordUsed;
  /** Told what operators should know of a job. */
  readonly onRemark: (jobId: string, text: string) => void;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/**
 * The updater's half of the password lists (Fig 12, Fig 13).
 *
 * @spec P1
 */
export const listedPasswords = (options: ListedPasswordsOptions): ListedPasswords => {
  const { store, devices, clock, entropy } = options;
  return {
    next: ({ deviceId, scheme }) => {
      const known = devices.get(deviceId);
      if (known === undefined) {
        throw intermediaryError('device-unknown', `No device ${deviceId} has registered here`);
      }
      requireUnused(store.use(deviceId), deviceId, 1);
      const next = store.next(deviceId);
      if (next === undefined) throw missing(deviceId);
      const { list, entry, userName, password, reportKey } = next;
      return {
        credential: {
          userName,
          oneTimePassword: password,
          reportKey,
          nonce: makeNonce(entropy),
          listEntry: { list, entry },
        },
        target: {
          endpoint: bulkEndpoint({}, known, scheme.bulkPathKind),
          manifestChecked: false,
          authenticatedReports: known.information.authenticatedReports ?? true,
        },
      };
    },

    spend: async (job, credential, use, signal) => {
      const listEntry = entryOf(credential);
      const used = {
        userName: credential.userName,
        ...listEntry,
        ...(use === 'over'
          ? {}
          : { lifetimeSeconds: lifetimeSeconds(job, clock), nonce: credential.nonce, ...softwareOf(job) }),
      };
      const mac = usedPasswordCode(credential.reportKey, codeInput(job, used));
      const answer = await options.markPasswordUsed(job.deviceId, { ...used, mac }, signal);
      if (answer.list !== listEntry.list || answer.next <= listEntry.entry) {
        throw new PosternError('response-invalid', `${job.deviceId} did not mark the password as used`, {
          hint: 'Check that both sides have the same password list.',
        });
      }
      markUsed(options, job, listEntry);
      return { manifestChecked: answer.manifestChecked ?? false, next: answer.next };
    },

    skip: (job, credential, further = 0) => {
      const { list, entry } = entryOf(credential);
      const last = (store.use(job.deviceId)?.size ?? Number.MAX_SAFE_INTEGER) - 1;
      markUsed(options, job, { list, entry: Math.max(Math.min(entry + further, last), entry) });
    },
  };
};

/** Passwords of one update: one for the transfer, one for the reading after the restart. */
const PASSWORDS_OF_AN_UPDATE = 2;

/**
 * Whether an update of the device can be begun: it would end unverified without a second password.
 *
 * @throws PosternError `password-list-missing`, `password-list-exhausted`
 */
export const requirePasswords = (store: PasswordListStore, deviceId: string): void =>
  requireUnused(store.use(deviceId), deviceId, PASSWORDS_OF_AN_UPDATE);

const requireUnused = (use: ListUse | undefined, deviceId: string, needed: number): void => {
  if (use === undefined) throw missing(deviceId);
  if (use.remaining >= needed) return;
  throw updateError(
    'password-list-exhausted',
    `Of the ${use.size} passwords for ${deviceId} ${use.remaining} are left, ${needed} needed`,
  );
};

const missing = (deviceId: string) =>
  updateError('password-list-missing', `There is no password list for ${deviceId}`);

/** From this part of a list on, operators are told. */
const LAST_PART = 0.1;

const markUsed = (
  { store, logger, onRemark }: ListedPasswordsOptions,
  { jobId, deviceId }: UpdateJob,
  { list, entry }: ListEntry,
): void => {
  store.markUsed(list, entry);
  const { size = 0, remaining = 0 } = store.use(deviceId) ?? {};
  if (remaining > size * LAST_PART) return;
  logger.warn('A password list is nearly used up', { device: deviceId, list, remaining, size });
  onRemark(jobId, `${remaining} of ${size} passwords of the list are left: bring a new list`);
};

/** What the code covers: all of the request, and the device that it is for. */
const codeInput = (
  { deviceId }: UpdateJob,
  { keyRotations, ...used }: Omit<device.MarkPasswordUsed, 'mac'>,
) => ({
  deviceId,
  ...used,
  ...(keyRotations === undefined ? {} : { keyRotations: keyRotations.record }),
});

const entryOf = ({ listEntry }: UpdateCredential): ListEntry => {
  if (listEntry === undefined) throw updateError('internal-error', 'The password is of no list');
  return listEntry;
};
