import type { device } from '@postern/contracts';
import type { Check } from '../check.ts';
import { failed, notOffered, skipped } from '../verdicts.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { isShare, placeIn, shared } from './update-looks.ts';
import { lookedAt, runUpdate, UPDATE_LIMIT, type UpdateChanges, type UpdateRun } from './update-run.ts';

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
  if (run.happenings.of('image-stored').length === 0) return;
  throw failed('An image was sent to the device', 'Send nothing before its length and digest are right.');
};

const DROPS_AFTER = 64 * 1_024;

/** Updates in which something is otherwise, each carried out for itself. */
export const updateFaultChecks: readonly Check<IntermediaryTarget>[] = [
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
