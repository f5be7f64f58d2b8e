import { errorCode, Milliseconds, sleep, throwIfCancelled } from '@postern/core';
import { isRemoteFault } from '@postern/soap-rpc';
import { readVersionReport, versionReportName } from '@postern/software-update';
import type { Check } from '../check.ts';
import { failed, notOffered } from '../verdicts.ts';
import type { DeviceTarget } from './device-target.ts';
import { erase, newPassword, opens, retrieve, storePassword, withPassword } from './password.ts';

/** Few enough for a server that waits a second after each. */
const TRIES = 12;

const NO_LOGIN = 'Answer PASS with 530 whatever the reason is.';

/** The one-time password of the scheme: shared, used, ended (Fig 17, S103–S109 and S120–S123). */
export const passwordChecks: readonly Check<DeviceTarget>[] = [
  {
    id: 'password-opens',
    title: 'a stored one-time password opens the bulk path; the version report is there and can be read',
    section: 'StoreOneTimePassword, U1, U2',
    level: 'required',
    run: (target, signal) =>
      withPassword(target, {}, signal, async (shared) => {
        if (shared.answer.jobId !== shared.jobId) {
          throw failed(`The answer names the job ${shared.answer.jobId}`, 'Repeat the jobId of the request.');
        }
        const { versions } = readVersionReport(await retrieve(target, shared, versionReportName(), signal));
        if (Object.keys(versions).length === 0) {
          throw failed('The version report names no component', 'Write one line component=version for each.');
        }
      }),
  },
  {
    id: 'report-agrees',
    title: 'the version report says what GetDeviceInformation says',
    section: 'U2, U7',
    level: 'recommended',
    run: (target, signal) =>
      withPassword(target, {}, signal, async (shared) => {
        const { versions } = readVersionReport(await retrieve(target, shared, versionReportName(), signal));
        const { device } = await target.call((client) => client.call('GetDeviceInformation', {}, { signal }));
        const told = (device.components.item ?? []).map(
          ({ component, version }) => `${component}=${version}`,
        );
        const read = Object.entries(versions).map(([component, version]) => `${component}=${version}`);
        if (told.sort().join() !== read.sort().join()) {
          throw failed(
            `GetDeviceInformation says ${told.join(', ')}; the report says ${read.join(', ')}`,
            'Make both from the software that runs.',
          );
        }
      }),
  },
  {
    id: 'password-needed',
    title:
      'the bulk path is closed to anonymous, to no password and to a wrong one, and the right one still opens it',
    section: 'U2, U14',
    level: 'required',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, password }) => {
        await stays('closed', 'A wrong password', opens(target, endpoint, newPassword(target), signal));
        await stays('closed', 'anonymous', opens(target, endpoint, 'a@b', signal, 'anonymous'));
        await stays('closed', 'An empty password', opens(target, endpoint, '', signal));
        await stays('open', 'The right password', opens(target, endpoint, password, signal));
      }),
  },
  {
    id: 'password-user',
    title: 'the right password under another name opens nothing',
    section: 'U1',
    level: 'required',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, password }) => {
        const somebody = `${target.options.node.identity.name.slice(0, 60)}-x`;
        await stays('closed', 'Another name', opens(target, endpoint, password, signal, somebody));
      }),
  },
  {
    id: 'password-replaced',
    title: 'a newer password of the job replaces the older one',
    section: 'StoreOneTimePassword',
    level: 'required',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, password, jobId }) => {
        const newer = newPassword(target);
        await storePassword(target, jobId, newer, {}, signal);
        await stays('closed', 'The older password', opens(target, endpoint, password, signal));
        await stays('open', 'The newer password', opens(target, endpoint, newer, signal));
      }),
  },
  {
    id: 'password-erased',
    title: 'after an erasure password has overwritten it, the one-time password opens nothing',
    section: 'StoreOneTimePassword, U8',
    level: 'required',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, password, jobId }) => {
        await erase(target, jobId, newPassword(target));
        await stays('closed', 'The erased password', opens(target, endpoint, password, signal));
      }),
  },
  {
    id: 'erasure-opens-nothing',
    title: 'an erasure password itself opens nothing (purpose: erasure)',
    section: 'CredentialPurpose, U11',
    level: 'recommended',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, jobId }) => {
        const erasure = newPassword(target);
        await erase(target, jobId, erasure);
        if (!(await opens(target, endpoint, erasure, signal))) return;
        throw failed(
          'The erasure password opened the bulk path',
          'Where purpose is erasure, keep no password at all. Until then nobody must learn the erasure password.',
        );
      }),
  },
  {
    id: 'password-lifetime',
    title: 'a password ends with its lifetime',
    section: 'StoreOneTimePassword, X3',
    level: 'recommended',
    run: (target, signal) =>
      withPassword(target, { lifetimeSeconds: LIFETIME }, signal, async ({ endpoint, password }) => {
        for (let look = 0; look < LOOKS; look += 1) {
          if (!(await opens(target, endpoint, password, signal))) return;
          await sleep(target.options.clock, BETWEEN_LOOKS, signal);
        }
        throw failed(
          `A password of ${LIFETIME} s was still good after ${(LOOKS * BETWEEN_LOOKS) / 1_000} s`,
          'Count lifetimeSeconds from the moment you store it.',
        );
      }),
  },
  {
    id: 'password-invalidated',
    title: 'InvalidateOneTimePassword ends it, and says whether there was one',
    section: 'InvalidateOneTimePassword, U12',
    level: 'recommended',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, password, jobId }) => {
        const userName = target.options.node.identity.name;
        const invalidate = () =>
          target.call((client) => client.call('InvalidateOneTimePassword', { userName, jobId }, { signal }));
        if (!(await invalidate()).invalidated) {
          throw failed('invalidated was false for a live password', 'Say true when it ends a live one.');
        }
        await stays('closed', 'The invalidated password', opens(target, endpoint, password, signal));
        if ((await invalidate()).invalidated) {
          throw failed('invalidated was true once more', 'Say false when there is nothing to end.');
        }
      }),
  },
  {
    id: 'report-authenticated',
    title: 'a version report for a nonce is authenticated with the report key',
    section: 'reportKey, X2',
    level: 'optional',
    run: async (target, signal) => {
      const reportKey = target.options.entropy.bytes(32);
      const [nonce, other] = [hex(target), hex(target)];
      await withPassword(target, { reportKey, nonce }, signal, async (shared) => {
        if (shared.answer.authenticatedReports !== true) {
          throw notOffered('The answer does not say authenticatedReports');
        }
        const { device } = await target.call((client) => client.call('GetDeviceInformation', {}, { signal }));
        for (const asked of [nonce, other]) {
          readVersionReport(await retrieve(target, shared, versionReportName(asked), signal), {
            deviceId: device.deviceId,
            jobId: shared.jobId,
            nonce: asked,
            reportKey: Buffer.from(reportKey).toString('hex'),
          });
        }
      });
    },
  },
  {
    id: 'manifest-checked',
    title: 'a manifest that nobody signed is refused',
    section: 'signedManifest, X1, docs/manifest.md',
    level: 'optional',
    run: async (target, signal) => {
      const signedManifest = Buffer.from(JSON.stringify({ payload: '', payloadType: '', signatures: [] }));
      try {
        await withPassword(target, { signedManifest }, signal, async ({ answer }) => {
          if (answer.manifestChecked === true) {
            throw failed(
              'It was accepted, and the answer says manifestChecked',
              'Verify the signature with the keys of the vendor before you store anything.',
            );
          }
          throw notOffered('The answer does not say manifestChecked');
        });
      } catch (error) {
        if (isRemoteFault(error) && errorCode(error, '').startsWith('manifest-')) return;
        throw error;
      }
    },
  },
  {
    id: 'password-generated',
    title: 'GenerateOneTimePassword answers with a password that opens the bulk path',
    section: 'GenerateOneTimePassword, U15',
    level: 'optional',
    run: async (target, signal) => {
      const { options, call } = target;
      const userName = options.node.identity.name;
      const { signedManifest } = options;
      await withPassword(target, {}, signal, async ({ jobId, endpoint }) => {
        const made = await call((client) =>
          client.call(
            'GenerateOneTimePassword',
            {
              userName,
              jobId,
              lifetimeSeconds: 300,
              ...(signedManifest === undefined ? {} : { signedManifest }),
            },
            { signal },
          ),
        );
        if (made.delivery !== 'in-response' || made.oneTimePassword === undefined) {
          throw failed(
            'The answer to a request over TLS has no password',
            'Answer with delivery in-response and oneTimePassword.',
          );
        }
        await stays('open', 'The generated password', opens(target, endpoint, made.oneTimePassword, signal));
      });
    },
  },
  {
    // The last one: a device may turn away whoever has guessed, for a while.
    id: 'password-tries',
    title: `a password ends after ${TRIES} wrong tries`,
    section: 'docs/implementing-a-device.md, X3',
    level: 'recommended',
    run: (target, signal) =>
      withPassword(target, {}, signal, async ({ endpoint, password }) => {
        for (let tries = 0; tries < TRIES; tries += 1) {
          await opensOrHangsUp(target, endpoint, newPassword(target), signal);
        }
        if (!(await opensOrHangsUp(target, endpoint, password, signal))) return;
        throw failed(
          `The right password still opened the bulk path after ${TRIES} wrong ones`,
          'Count wrong tries, and end the password after a few (ours: 10).',
        );
      }),
  },
];

const LIFETIME = 1;
const LOOKS = 12;
const BETWEEN_LOOKS = Milliseconds(250);

const hex = ({ options }: DeviceTarget): string => Buffer.from(options.entropy.bytes(16)).toString('hex');

/** {@link opens}, of a device that may not even take the connection any more. */
const opensOrHangsUp = async (...args: Parameters<typeof opens>): Promise<boolean> => {
  try {
    return await opens(...args);
  } catch (error) {
    throwIfCancelled(args[3]);
    if (errorCode(error, '').startsWith('bulk-')) return false;
    throw error;
  }
};

const stays = async (wanted: 'open' | 'closed', who: string, opened: Promise<boolean>): Promise<void> => {
  if ((await opened) === (wanted === 'open')) return;
  throw wanted === 'open'
    ? failed(`${who} was refused`, 'Compare user name and password with those that were stored.')
    : failed(`${who} opened the bulk path`, NO_LOGIN);
};
