import type { device } from '@postern/contracts';
import type { Check } from '../check.ts';
import { failed, notOffered, skipped } from '../verdicts.ts';
import { type Happening, requestTo } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import {
  lookedAt,
  oneUpdate,
  runUpdate,
  UPDATE_LIMIT,
  type UpdateChanges,
  type UpdateRun,
} from './update-run.ts';

type Of<K extends Happening['kind']> = Extract<Happening, { readonly kind: K }>;

/** A check of the update without a fault: only looks at what happened. */
const looking = (
  check: Omit<Check<IntermediaryTarget>, 'run'>,
  look: (run: UpdateRun, target: IntermediaryTarget) => void,
): Check<IntermediaryTarget> => ({
  limit: UPDATE_LIMIT,
  ...check,
  run: async (target, signal) => look(await lookedAt(target, signal), target),
});

/** A check with an update of its own. */
const updating = (
  check: Omit<Check<IntermediaryTarget>, 'run'>,
  changes: UpdateChanges,
  look: (run: UpdateRun, target: IntermediaryTarget) => void,
): Check<IntermediaryTarget> => ({
  limit: UPDATE_LIMIT,
  ...check,
  run: async (target, signal) => look(await runUpdate(target, changes, signal), target),
});

/** Where the first of a kind stands in an update; -1 where there is none. */
const placeIn = <K extends Happening['kind']>(
  { happenings }: UpdateRun,
  kind: K,
  fits?: (one: Of<K>) => boolean,
  after = 0,
): number => happenings.place(kind, fits, after);

/** Passwords that were shared for an update: whatever opens the bulk path. */
const shared = ({ happenings }: UpdateRun): readonly device.StoreOneTimePassword[] =>
  happenings
    .of('device-call')
    .map((call) => requestTo(call, 'StoreOneTimePassword'))
    .filter((request) => request !== undefined);

const isShare = (call: Of<'device-call'>): boolean =>
  call.operation === 'GenerateOneTimePassword' ||
  (call.operation === 'StoreOneTimePassword' &&
    requestTo(call, 'StoreOneTimePassword')?.purpose !== 'erasure');

const isEnd = (call: Of<'device-call'>): boolean =>
  ['StoreOneTimePassword', 'InvalidateOneTimePassword', 'ConcludeUpdate'].includes(call.operation);

const stored = (run: UpdateRun): readonly Of<'image-stored'>[] => run.happenings.of('image-stored');

const requireState = ({ result, refused }: UpdateRun, ...wanted: readonly device.UpdateOutcome[]): void => {
  const state = result?.state;
  if (state !== undefined && wanted.includes(state)) return;
  throw failed(
    `The result is ${state ?? `a Failure (${refused})`}`,
    `Answer with UpdateSoftwareResponse in the state ${wanted.join(' or ')}.`,
  );
};

const requireUntouched = (run: UpdateRun): void => {
  if (placeIn(run, 'login') < 0 && placeIn(run, 'device-call', isShare) < 0) return;
  throw failed('The device was called all the same', 'Verify a manifest before you begin anything with it.');
};

/** Nothing was installed, and nothing was sent that could be. */
const requireNotSent = (run: UpdateRun): void => {
  if (stored(run).length === 0) return;
  throw failed('An image was sent to the device', 'Send nothing before its length and digest are right.');
};

const DROPS_AFTER = 64 * 1_024;

/** One update with all its steps (Fig 17, S101–S124), and what goes wrong in others. */
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
  updating(
    {
      id: 'update-not-required',
      title: 'a device that runs the version already is sent nothing',
      section: 'U3, S110, S209',
      level: 'required',
    },
    { installed: true },
    (run) => {
      requireState(run, 'not-required');
      requireNotSent(run);
    },
  ),
  {
    id: 'update-password-fresh',
    title: 'every update has a password of its own',
    section: 'U1, X3',
    level: 'required',
    limit: UPDATE_LIMIT,
    run: async (target, signal) => {
      const first = await lookedAt(target, signal);
      const second = await runUpdate(target, { installed: true }, signal);
      const before = shared(first).map(({ oneTimePassword }) => oneTimePassword);
      const again = shared(second).filter(({ oneTimePassword }) => before.includes(oneTimePassword));
      if (again.length === 0) return;
      throw failed('A password came a second time', 'Make it at random for each update, 128 bits or more.');
    },
  },
  updating(
    {
      id: 'update-retransfer',
      title: 'a transfer that broke is repeated with the same password',
      section: 'U10, S301–S317',
      level: 'recommended',
    },
    { conduct: { dropsAfter: DROPS_AFTER } },
    (run) => {
      requireState(run, 'verified');
      const { happenings } = run;
      const whole = placeIn(run, 'restarted');
      const shares = happenings
        .of('device-call')
        .filter((call) => isShare(call) && placeIn(run, 'device-call', (one) => one === call) < whole);
      if (shares.length === 1) return;
      throw failed(
        `A password was shared ${shares.length} times`,
        'Keep the password until the update is decided: a further transfer needs no further secure exchange.',
      );
    },
  ),
  updating(
    {
      id: 'update-version-unchanged',
      title: 'a device that restarts with its old version is not called verified',
      section: 'U7, U10, S119',
      level: 'required',
    },
    { conduct: { losesImages: true } },
    (run) => requireState(run, 'failed'),
  ),
  updating(
    {
      id: 'update-report-forged',
      title: 'a version report that the report key does not authenticate proves nothing',
      section: 'X2',
      level: 'optional',
    },
    { conduct: { forgesReports: true } },
    (run) => {
      if (run.happenings.of('report-read').every(({ nonce }) => nonce === undefined)) {
        throw notOffered('No version report was asked for with a nonce');
      }
      if (run.result?.state !== 'verified' && run.result?.state !== 'not-required') return;
      throw failed(`The result is ${run.result.state}`, 'Check the HMAC with the key that you shared.');
    },
  ),
  updating(
    {
      id: 'update-signature',
      title: 'software that the vendor has not signed is refused before the device is touched',
      section: 'X1, docs/manifest.md',
      level: 'recommended',
    },
    { signedByStranger: true },
    (run) => {
      if (run.result !== undefined) requireState(run, 'failed');
      requireUntouched(run);
      requireNotSent(run);
    },
  ),
  updating(
    {
      id: 'update-image-tampered',
      title: 'an image that is not the one of the manifest is not sent to the device',
      section: 'X1, docs/security.md',
      level: 'recommended',
    },
    { served: (image) => Buffer.concat([Buffer.from([(image[0] ?? 0) ^ 1]), image.subarray(1)]) },
    (run) => {
      if (run.result !== undefined) requireState(run, 'failed');
      requireNotSent(run);
    },
  ),
  {
    id: 'update-patent-device',
    title: "a device with the patent's part only is updated, and the result does not claim full assurance",
    section: 'Assurance, docs/security.md',
    level: 'required',
    limit: UPDATE_LIMIT,
    run: async (target, signal) => {
      const { patentDevice: device } = target;
      if (device === undefined) {
        throw skipped(
          "No device with the patent's part only was played",
          'Give --patent-device DIR, the identity of a second device.',
        );
      }
      const run = await runUpdate(target, { device }, signal);
      requireState(run, 'verified');
      if (run.result?.assurance !== 'full') return;
      throw failed(
        'The result says full',
        'Say patent where the device neither checks manifests nor authenticates its reports.',
      );
    },
  },
];
