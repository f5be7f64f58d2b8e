import { after, Hours, type Instant } from '@postern/core';
import { credentialId, type ListEntry, sameDigest } from '../credential/one-time-password.ts';
import { listedDigest } from '../credential/password-list.ts';
import type { LiveCredential } from '../credential/target-credential.ts';
import type { ListedEntry, PasswordListEntries, TargetPorts } from '../ports/target-ports.ts';
import { keptLifetime } from './lifetime.ts';
import { NO_LISTS, nextEntry } from './list-memory.ts';
import type { TargetRecord } from './record.ts';

/** An updater may be this many entries ahead: answers get lost, and it moves on when it is refused. */
const FURTHEST_AHEAD = 16;

/** Used entries are recognised this far back, so that an updater that is behind is not taken for a guesser. */
const FURTHEST_BACK = 256;

/** How long a listed password opens the bulk path unless the updater says. */
const LISTED_LIFETIME = Hours(1);

/** What a password is to the list. */
export type Recognised =
  | { readonly kind: 'open'; readonly listEntry: ListEntry; readonly secret: ListedEntry }
  | { readonly kind: 'used' }
  | { readonly kind: 'unknown' };

/** Looks a password up in the device's list. */
export const recognise = async (
  { passwordList, deviceId }: TargetPorts,
  { passwordLists = NO_LISTS }: Pick<TargetRecord, 'passwordLists'>,
  userName: string,
  password: string,
): Promise<Recognised> => {
  if (passwordList === undefined || userName !== passwordList.userName) return { kind: 'unknown' };
  const { list } = passwordList;
  const next = nextEntry(passwordLists, list);
  const find = (from: number, end: number) =>
    findEntry(passwordList, from, end, (entry) =>
      listedDigest({ deviceId, userName, list }, entry, password),
    );
  const open = await find(next, Math.min(next + FURTHEST_AHEAD + 1, passwordList.size));
  if (open !== undefined) {
    return { kind: 'open', listEntry: { list, entry: open.entry }, secret: open.secret };
  }
  const used = await find(Math.max(next - FURTHEST_BACK, 0), Math.min(next, passwordList.size));
  return { kind: used === undefined ? 'unknown' : 'used' };
};

const findEntry = async (
  { entry: read }: PasswordListEntries,
  from: number,
  end: number,
  digestAt: (entry: number) => string,
): Promise<{ readonly entry: number; readonly secret: ListedEntry } | undefined> => {
  for (let entry = from; entry < end; entry++) {
    const secret = await read(entry);
    if (sameDigest(digestAt(entry), secret.digest)) return { entry, secret };
  }
  return undefined;
};

/**
 * The record after a login with an unused entry. What the job expects stays: after its restart a newer entry looks
 * after it, in the updater program, which nobody can tell anything, with the manifest of the older one.
 *
 * @spec P1
 */
export const openedByList = (
  ports: TargetPorts,
  { credential: before, lastError }: TargetRecord,
  { listEntry, secret }: Extract<Recognised, { kind: 'open' }>,
  userName: string,
  now: Instant,
): { readonly credential: LiveCredential } & Pick<TargetRecord, 'lastError'> => {
  const jobId = credentialId('', { listEntry });
  const expiresAt = after(now, LISTED_LIFETIME);
  const sameList = before.kind === 'live' && before.listEntry?.list === listEntry.list;
  const inherited = sameList && before.signedManifest !== undefined;
  const credential: LiveCredential = {
    kind: 'live',
    deviceId: ports.deviceId,
    userName,
    jobId,
    digest: secret.digest,
    expiresAt,
    ...keptLifetime(ports, expiresAt),
    wrongTries: 0,
    reportKey: secret.reportKey,
    listEntry,
    ...(inherited ? { signedManifest: before.signedManifest } : {}),
  };
  const goesOn =
    before.kind !== 'none' &&
    lastError?.jobId === before.jobId &&
    (sameList || (before.kind === 'ended' && before.reason === 'installed'));
  return { credential, ...(goesOn ? { lastError: { ...lastError, jobId } } : {}) };
};
