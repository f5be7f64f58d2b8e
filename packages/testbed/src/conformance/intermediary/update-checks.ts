import type { Check } from '../check.ts';
import { failed, notOffered } from '../verdicts.ts';
import type { Happening } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { isShare, placeIn, shared } from './update-looks.ts';
import { lookedAt, oneUpdate, UPDATE_LIMIT, type UpdateRun } from './update-run.ts';

/** A check of the update without a fault: only looks at what happened. */
const looking = (
  check: Omit<Check<IntermediaryTarget>, 'run'>,
  look: (run: UpdateRun, target: IntermediaryTarget) => void,
): Check<IntermediaryTarget> => ({
  limit: UPDATE_LIMIT,
  ...check,
  run: async (target, signal) => look(await lookedAt(target, signal), target),
});

/** Whether a call ends the password that the device holds, or replaces it. */
const isEnd = ({ operation }: Extract<Happening, { readonly kind: 'device-call' }>): boolean =>
  ['StoreOneTimePassword', 'InvalidateOneTimePassword', 'ConcludeUpdate'].includes(operation);

/** One update with all its steps (Fig 17, S101–S124). */
export const updateChecks: readonly Check<IntermediaryTarget>[] = [
  {
    id: 'update-verified',
    title: 'an update is carried out: the result says verified, with the versions that were read again',
    section: 'UpdateSoftware, U9, S101–S124',
    level: 'required',
    limit: UPDATE_LIMIT,
    run: async (target, signal) => {
      const { result, version } = await oneUpdate(target, signal);
      if (result?.components.item?.some((item) => item.version === version) === true) return;
      throw failed('The result does not have the new version', 'Tell what the last version report said.');
    },
  },
  looking(
    {
      id: 'update-delay-notice',
      title: 'the order is answered at once with a delay notice',
      section: 'DelayNotice, R2, S101',
      level: 'recommended',
    },
    ({ requestId, happenings }) => {
      const notices = happenings
        .of('poll')
        .flatMap(({ poll }) => poll.delayNotices?.delayNotice ?? [])
        .filter((notice) => notice.requestId === requestId);
      if (notices.length > 0) return;
      throw failed(
        'No delay notice came',
        'Name the order in delayNotices of the next Poll, and again with progress.',
      );
    },
  ),
  looking(
    {
      id: 'update-image-once',
      title: 'the image is fetched from the uplink once',
      section: 'docs/architecture.md, X5',
      level: 'recommended',
    },
    ({ image, happenings }) => {
      const bytes = happenings
        .of('image')
        .filter(({ sha256 }) => sha256 === image.sha256)
        .reduce((sum, part) => sum + part.bytes, 0);
      if (bytes <= image.length) return;
      throw failed(
        `${bytes} bytes of an image of ${image.length} were fetched`,
        'Keep what has come, and ask for the rest with Range.',
      );
    },
  ),
  looking(
    {
      id: 'update-password',
      title:
        'the one-time password is shared once, on the secure path, in the name of the intermediary, before the bulk path is used',
      section: 'StoreOneTimePassword, U1, S102–S107',
      level: 'required',
    },
    (run) => {
      const share = placeIn(run, 'device-call', isShare);
      const login = placeIn(run, 'login');
      if (share < 0 || login < 0 || login < share) {
        throw failed('The bulk path was used before a password was shared', 'Share it first (S102–S106).');
      }
      if (placeIn(run, 'login', ({ opened }) => !opened) < 0) return;
      throw failed(
        'A login was refused',
        'Log in with userName and oneTimePassword as StoreOneTimePassword has them.',
      );
    },
  ),
  looking(
    {
      id: 'update-version-before',
      title: 'the version is read before an image is sent',
      section: 'U2, U3, S107–S110',
      level: 'required',
    },
    (run) => {
      const read = placeIn(run, 'report-read');
      if (read >= 0 && read < placeIn(run, 'image-stored')) return;
      throw failed('No version report was read before', 'Read version-report first, and decide by it.');
    },
  ),
  looking(
    {
      id: 'update-version-after',
      title: 'the version is read again after the restart, before the result is told',
      section: 'U6, U7, S115–S119',
      level: 'required',
    },
    (run) => {
      const { happenings, requestId } = run;
      const restarted = placeIn(run, 'restarted');
      const read = placeIn(run, 'report-read', undefined, restarted);
      const response = happenings.place(
        'poll',
        ({ poll }) => poll.responses?.response.some((one) => one.requestId === requestId) ?? false,
      );
      if (restarted >= 0 && read >= 0 && read < response) return;
      throw failed(
        'The result was told without it',
        'verified means: the version report of the restarted device was read and is as the manifest says.',
      );
    },
  ),
  looking(
    {
      id: 'update-password-ended',
      title: 'at the end the password is overwritten or no longer usable, and the result says erased',
      section: 'U8, U12, S120–S123',
      level: 'required',
    },
    (run) => {
      const last = placeIn(run, 'report-read', undefined, placeIn(run, 'restarted'));
      const passwords = shared(run).map(({ oneTimePassword }) => oneTimePassword);
      const ended = last >= 0 && placeIn(run, 'device-call', isEnd, last) >= 0;
      if (!ended || new Set(passwords).size < passwords.length) {
        throw failed(
          'The device holds a password still that was used',
          'Overwrite it with another one by StoreOneTimePassword (purpose erasure), or InvalidateOneTimePassword.',
        );
      }
      if (run.result?.credential === 'erased') return;
      throw failed(`The result says ${run.result?.credential}`, 'Say erased once the device has answered.');
    },
  ),
  looking(
    {
      id: 'update-journal',
      title: 'the result has its journal: steps in their order',
      section: 'Journal, U9, S124',
      level: 'recommended',
    },
    ({ result }) => {
      const steps = result?.journal.step ?? [];
      const rising = steps.every(({ sequence }, at) => at === 0 || sequence > (steps[at - 1]?.sequence ?? 0));
      if (steps.length > 0 && rising) return;
      throw failed('There are no steps, or not in their order', 'Tell each step with a sequence that rises.');
    },
  ),
  looking(
    {
      id: 'update-manifest-passed',
      title: 'the signed manifest reaches the device as it was signed',
      section: 'signedManifest, X1',
      level: 'optional',
    },
    ({ signedManifest, ...run }) => {
      const came = shared({ signedManifest, ...run }).find((request) => request.signedManifest !== undefined);
      if (came?.signedManifest === undefined) throw notOffered('StoreOneTimePassword has no signedManifest');
      if (Buffer.compare(came.signedManifest, signedManifest) === 0) return;
      throw failed('It came as another', 'Pass the bytes of signedManifest on; never write them anew.');
    },
  ),
  looking(
    {
      id: 'update-report-fresh',
      title: 'version reports are asked for with a nonce, and each with another one',
      section: 'reportKey, nonce, X2',
      level: 'optional',
    },
    ({ happenings }) => {
      const nonces = happenings.of('report-read').map(({ nonce }) => nonce);
      if (nonces.every((nonce) => nonce === undefined)) {
        throw notOffered('No version report was asked for with a nonce');
      }
      const before = nonces.at(0);
      const after = nonces.at(-1);
      if (before !== undefined && after !== undefined && before !== after) return;
      throw failed(
        'One was asked for without a nonce, or with an old one',
        'Read version-report.NONCE with a new nonce each time the device may have changed.',
      );
    },
  ),
];
