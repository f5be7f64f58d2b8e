import { after, Seconds } from '@postern/core';
import { credentialId, type ListEntry, sameDigest } from '../credential/one-time-password.ts';
import { type UsedPassword, usedPasswordCode } from '../credential/plain-request-code.ts';
import { credentialTransition, type LiveCredential } from '../credential/target-credential.ts';
import { updateError } from '../errors.ts';
import type { PasswordListEntries, TargetPorts } from '../ports/target-ports.ts';
import { toBase64 } from './incoming-credential.ts';
import { keptLifetime } from './lifetime.ts';
import { type ListMemory, NO_LISTS, nextEntry, raise } from './list-memory.ts';
import { installationUnder, type TargetParts } from './parts.ts';
import { NOTHING, type TargetRecord } from './record.ts';
import { withCredential } from './record-keeper.ts';

/** `MarkPasswordUsed` as it arrives in plain HTTP, from nobody knows whom: its code proves it. */
export interface PasswordMark extends Omit<UsedPassword, 'deviceId'> {
  /** {@link usedPasswordCode} under the entry's report key. */
  readonly code?: string;
}

/** What the device answers. */
export interface ListState {
  readonly list: string;
  /** The first entry that is not used up. */
  readonly next: number;
  readonly remaining: number;
  readonly manifestChecked: boolean;
}

/**
 * A listed password and all before it are used up. Call it inside the keeper's `exclusively`.
 *
 * @throws PosternError as `UpdateTarget.markUsed`
 */
export const markUsed = async (parts: TargetParts, mark: PasswordMark): Promise<ListState> => {
  const { ports, keeper } = parts;
  const { list, size } = await proveMark(ports, mark);
  if (mark.signedManifest === undefined) await endMarked(parts, mark);
  else await goOn(parts, mark, mark.signedManifest);
  const next = nextEntry(keeper.record.passwordLists ?? NO_LISTS, list);
  const manifestChecked = mark.signedManifest !== undefined;
  return { list, next, remaining: Math.max(size - next, 0), manifestChecked };
};

/** Makes sure that whoever holds the list says so. */
const proveMark = async (ports: TargetPorts, mark: PasswordMark): Promise<PasswordListEntries> => {
  const { passwordList, deviceId } = ports;
  if (passwordList === undefined || passwordList.list !== mark.list) {
    throw updateError('password-list-missing', 'The device does not have this password list');
  }
  const { code, ...used } = mark;
  const exists = Number.isSafeInteger(mark.entry) && mark.entry >= 0 && mark.entry < passwordList.size;
  if (exists && mark.userName === passwordList.userName && code !== undefined) {
    const { reportKey } = await passwordList.entry(mark.entry);
    if (sameDigest(code, usedPasswordCode(reportKey, { ...used, deviceId }))) return passwordList;
  }
  throw updateError('request-unproved', 'The request does not bear the code of the entry');
};

const endMarked = async ({ keeper, session, installer }: TargetParts, mark: PasswordMark): Promise<void> => {
  const before = keeper.record;
  await keeper.save(markOver(before, mark));
  if (keeper.record.credential !== before.credential) session.end();
  if (keeper.record.installation.kind !== 'staged') installer.stopWaiting();
};

/** Believes nothing of a mark that comes too late, except that the password is used up. */
const goOn = async (parts: TargetParts, mark: PasswordMark, signedManifest: Uint8Array): Promise<void> => {
  const { ports, keeper, installer, session } = parts;
  const { credential } = keeper.record;
  const jobId = credentialId('', { listEntry: mark });
  if (credential.kind !== 'live' || credential.jobId !== jobId) {
    await keeper.save(markOnly(keeper.record, mark));
    throw updateError('credential-refused', 'This password of the list opens the bulk path no more');
  }
  if (isMarked(keeper.record, mark)) {
    // Whoever repeats what he has seen in plain HTTP gains no longer lifetime by it.
    if (credential.signedManifest === toBase64(signedManifest)) return;
    throw updateError('credential-refused', 'This password of the list is used up for another manifest');
  }
  const installation = await installationUnder(parts, jobId, mark);
  const marked = markOnly(keeper.record, mark);
  await keeper.save({ ...marked, credential: goingOn(ports, credential, mark), installation });
  if (installation.kind !== 'staged') installer.stopWaiting();
  session.expiryChanged();
};

/** Whether an entry has been marked, or lies before one that was. */
const isMarked = ({ passwordLists = NO_LISTS }: TargetRecord, { list, entry }: ListEntry): boolean =>
  nextEntry(passwordLists, list) > entry;

/** Moves the number behind an entry. */
const markOnly = (
  { passwordLists = NO_LISTS }: TargetRecord,
  { list, entry }: ListEntry,
): { readonly passwordLists: ListMemory } => ({ passwordLists: raise(passwordLists, list, entry + 1) });

/**
 * The entry and all before it are over: the updater has decided the update. What they let in is called off, also what
 * only waits for the device's jobs.
 */
const markOver = (record: TargetRecord, listEntry: ListEntry): Partial<TargetRecord> => {
  const { credential, installation } = record;
  const over = credential.kind === 'live' && isUpTo(credential.jobId, listEntry);
  const letIn = installation.kind !== 'none' && isUpTo(installation.jobId, listEntry);
  const calledOff = letIn ? { installation: NOTHING } : {};
  const marked = markOnly(record, listEntry);
  if (!over) return { ...marked, ...calledOff };
  const { state } = credentialTransition(credential, { type: 'use-up' });
  return { ...withCredential({ credential, ...marked }, state), ...calledOff };
};

/** Whether a job is this entry of the list or one before it. */
const isUpTo = (jobId: string, { list, entry }: ListEntry): boolean =>
  jobId.startsWith(`${list}.`) && Number(jobId.slice(list.length + 1)) <= entry;

/** The credential goes on to open the bulk path for this one transfer. */
const goingOn = (ports: TargetPorts, credential: LiveCredential, mark: PasswordMark): LiveCredential => {
  const { lifetimeSeconds, signedManifest, nonce } = mark;
  const expiresAt =
    lifetimeSeconds === undefined ? credential.expiresAt : after(ports.clock.now(), Seconds(lifetimeSeconds));
  return {
    ...credential,
    expiresAt,
    ...keptLifetime(ports, expiresAt),
    ...(signedManifest === undefined ? {} : { signedManifest: toBase64(signedManifest) }),
    ...(nonce === undefined ? {} : { nonce }),
  };
};
