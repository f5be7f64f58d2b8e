import { PosternError } from '@postern/core';
import {
  type BulkLogin,
  type BulkPath,
  formatVersionReport,
  type ImageSource,
  parseBulkName,
  type SecurePath,
  type UpdateCredential,
} from '@postern/software-update';
import { IMAGE } from './software.ts';

/** Where a device can be made to keep silent for ever, as if the updater had died at that moment. */
export type Silence = 'prepare' | 'share' | 'report' | 'store' | 'restart' | 'recheck' | 'erase';

/** A device that does what the protocol says, in memory; both paths and the images as one updater uses them. */
export class ScriptedDevice {
  versions: Record<string, string> = { firmware: '1.0' };
  silentAt: Silence | undefined;
  /** The secure path is cut. */
  unreachable = false;
  credential: UpdateCredential | undefined;
  /** All passwords that were ever shared. */
  readonly passwords: string[] = [];
  readonly events: string[] = [];
  /** Called when it has restarted. */
  onRestart: (device: ScriptedDevice) => void = () => {};
  #jobId = '';
  readonly #deviceId: string;

  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }

  readonly images: ImageSource = {
    prepare: async (_manifest, signal) => {
      await this.#pass('prepare', signal);
      return 'held at the site';
    },
    open: async function* (_sha256, offset) {
      yield IMAGE.subarray(offset);
    },
  };

  readonly securePath: SecurePath = {
    share: async (job, credential, signal) => {
      await this.#secure('share', job.jobId, signal);
      this.credential = credential;
      this.#jobId = job.jobId;
      if (credential !== undefined) this.passwords.push(credential.oneTimePassword);
      const target = {
        endpoint: { host: '127.0.0.1', port: 2_121 },
        manifestChecked: true,
        authenticatedReports: true,
      };
      return { target };
    },
    erase: async (job, _credential, signal) => {
      await this.#secure('erase', job.jobId, signal);
      if (job.jobId === this.#jobId) this.credential = undefined;
    },
  };

  readonly bulkPath: BulkPath = {
    open: async ({ host }, { oneTimePassword }: BulkLogin, signal) => {
      this.events.push(`login at ${host}`);
      if (oneTimePassword !== this.credential?.oneTimePassword) {
        throw new PosternError('bulk-login-refused', '530');
      }
      let drop = (): void => {};
      const closed = new Promise<void>((resolve) => {
        drop = resolve;
      });
      return {
        closed,
        close: async () => drop(),
        size: async () => 0,
        retrieve: async (name) => {
          await this.#pass(this.versions['firmware'] === '1.0' ? 'report' : 'recheck', signal);
          return this.#report(name);
        },
        store: async (_name, content) => {
          await this.#pass('store', signal);
          for await (const _ of content);
          this.events.push('stored');
          this.versions = { firmware: '2.0' };
          setImmediate(() => {
            drop();
            if (this.silentAt !== 'restart') this.onRestart(this);
          });
        },
      };
    },
  };

  #report(name: string): Uint8Array {
    const parsed = parseBulkName(name);
    const report = { versions: this.versions, activity: 'idle' as const };
    if (parsed?.kind !== 'version-report' || parsed.nonce === undefined) return formatVersionReport(report);
    const { reportKey } = this.credential as UpdateCredential;
    return formatVersionReport(report, {
      deviceId: this.#deviceId,
      jobId: this.#jobId,
      nonce: parsed.nonce,
      reportKey,
    });
  }

  async #secure(operation: 'share' | 'erase', jobId: string, signal: AbortSignal): Promise<void> {
    await this.#pass(operation, signal);
    if (this.unreachable) throw new PosternError('unreachable', 'The cable is unplugged');
    this.events.push(`${operation} ${jobId}`);
  }

  #pass(at: Silence, signal: AbortSignal): Promise<void> {
    if (this.silentAt !== at) return Promise.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new PosternError('cancelled', 'ended')), { once: true });
    });
  }
}
