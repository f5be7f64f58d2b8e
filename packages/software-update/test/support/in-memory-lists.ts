import { after, type Clock, PosternError, Seconds } from '@postern/core';
import {
  type ListEntry,
  type ListedPasswords,
  type PasswordList,
  type UpdateCredential,
  type UpdateJob,
  updateError,
  usedPasswordCode,
} from '@postern/software-update';
import type { InMemoryNetwork } from './in-memory-network.ts';
import { SHARED } from './in-memory-secure-path.ts';
import type { Life } from './life.ts';

/** The updater's copy of a list. Outlives its processes, like {@link InMemoryListCopy.next}. */
export class InMemoryListCopy {
  readonly list: PasswordList;
  /** The first entry that is not used up; only ever rises. */
  next = 0;

  constructor(list: PasswordList) {
    this.list = list;
  }

  noteUsed(entry: number): void {
    this.next = Math.max(this.next, entry + 1);
  }

  /** The port of one life: what it writes is a boundary at which that life may end. */
  seenBy(life: Life, network: InMemoryNetwork, clock: Clock): ListedPasswords {
    const { list } = this;
    return {
      next: () => {
        const entry = list.entries[this.next];
        if (entry === undefined) throw updateError('password-list-exhausted', 'No password is left');
        return {
          credential: {
            userName: list.userName,
            oneTimePassword: entry.password,
            reportKey: entry.reportKey,
            nonce: 'ab'.repeat(16),
            listEntry: { list: list.list, entry: this.next },
          },
          target: { ...SHARED, manifestChecked: false },
        };
      },
      spend: async (job, credential, use, signal) => {
        const listEntry = entryOf(credential);
        const { userName, reportKey, nonce } = credential;
        const used = {
          userName,
          ...listEntry,
          ...(use === 'over'
            ? {}
            : { lifetimeSeconds: lifetimeOf(job, clock), signedManifest: job.signedManifest, nonce }),
        };
        const code = usedPasswordCode(reportKey, { ...used, deviceId: job.deviceId });
        const answer = await network.ask(life, 'mark', signal, async ({ target }, fault) =>
          fault?.type === 'forge-mark'
            ? { next: fault.next(used.entry), manifestChecked: false }
            : target.markUsed({ ...used, code }),
        );
        if (answer.next <= listEntry.entry) throw new PosternError('response-invalid', 'It is not marked');
        life.write(`entry ${listEntry.entry} used`, () => this.noteUsed(listEntry.entry));
        return { manifestChecked: answer.manifestChecked, next: answer.next };
      },
      skip: (_job, credential, further = 0) => {
        const entry = Math.min(entryOf(credential).entry + further, list.entries.length - 1);
        life.write(`entry ${entry} skipped`, () => this.noteUsed(entry));
      },
    };
  }
}

const lifetimeOf = ({ deadline, policy }: UpdateJob, clock: Clock): number =>
  Math.max(Math.ceil((after(deadline, policy.credentialMargin) - clock.now()) / Seconds(1)), 1);

const entryOf = ({ listEntry }: UpdateCredential): ListEntry => {
  if (listEntry === undefined) throw new TypeError('The password is of no list');
  return listEntry;
};
