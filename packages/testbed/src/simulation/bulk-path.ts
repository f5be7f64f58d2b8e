import { errorCode, errorMessage, PosternError, sleep } from '@postern/core';
import type {
  BulkEndpoint,
  BulkLogin,
  BulkPath,
  BulkReceiver,
  BulkServiceSession,
  BulkSession,
} from '@postern/software-update';
import type { DeviceDoor } from './device-node.ts';
import type { Life } from './life.ts';
import { LATENCY, unlessEnded } from './network.ts';
import type { World } from './world.ts';

/** Who sits on the plain bulk path. */
export interface WireTap {
  /** A login crossed it in the clear. */
  readonly onLogin: (deviceId: string, login: BulkLogin) => void;
  /** What arrives of what was sent. */
  readonly alter: (what: 'report' | 'image', bytes: Uint8Array) => Uint8Array;
}

export interface BulkWay {
  readonly world: World;
  readonly from: Life;
  readonly deviceAt: (host: string) => DeviceDoor | undefined;
  readonly tap: WireTap;
}

/** The bulk path of one life of the updater: calls the device's service directly, and breaks as the network does. */
export const simulatedBulkPath = ({ world, from, deviceAt, tap }: BulkWay): BulkPath => ({
  open: (endpoint, login, signal) =>
    from.effect('bulk login', async () => {
      const { network } = world;
      const encrypted = endpoint.kind !== undefined && endpoint.kind !== 'ftp';
      if (!encrypted) tap.onLogin(endpoint.host, login);
      await network.travel('bulk login', signal);
      const door = deviceAt(endpoint.host);
      if (door === undefined || network.strikes('lost', 'bulk login')) throw lost('bulk-unreachable');
      requireKey(endpoint, door);
      const entered = door.bulk.login(login.userName, login.oneTimePassword, 'site');
      const view = await unlessEnded(door.life, entered).catch(inBulkTerms);
      if (view === undefined) throw new PosternError('bulk-login-refused', '530 Not logged in');
      const session = bulkSession(world, from, door, view, encrypted ? UNSEEN : tap);
      if (network.strikes('answerLost', 'bulk login')) {
        await session.close(LATENCY);
        throw lost('bulk-connection-lost');
      }
      return session;
    }),
});

/** Nobody sees into an encrypted path. */
const UNSEEN: WireTap = { onLogin: () => {}, alter: (_, bytes) => bytes };

const requireKey = ({ kind, hostKey }: BulkEndpoint, door: DeviceDoor): void => {
  if (kind === undefined || kind === 'ftp' || hostKey === door.hostKey) return;
  throw new PosternError('bulk-host-unproved', 'The other end has another key');
};

const bulkSession = (
  world: World,
  from: Life,
  door: DeviceDoor,
  view: BulkServiceSession,
  tap: WireTap,
): BulkSession => {
  const { clock, network } = world;
  const end = new AbortController();
  const drop = (): void => end.abort();
  const closed = new Promise<void>((resolve) => {
    end.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  void door.life.ended.then(drop);
  void from.ended.then(drop);
  view.revoked.addEventListener('abort', drop, { once: true });
  void closed.then(() => view.ended());

  const exchange = <T>(label: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    from.effect(label, async () => {
      await network.travel(label, signal);
      if (end.signal.aborted || network.strikes('lost', label)) {
        drop();
        throw lost('bulk-connection-lost');
      }
      const broken = closed.then((): never => {
        throw lost('bulk-connection-lost');
      });
      const result = await Promise.race([unlessEnded(door.life, work()).catch(inBulkTerms), broken]);
      if (!network.strikes('answerLost', label)) return result;
      drop();
      throw lost('bulk-connection-lost');
    });

  const send = async (
    receiver: BulkReceiver,
    content: AsyncIterable<Uint8Array>,
    onProgress: ((bytes: number) => void) | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    let sent = 0;
    for await (const chunk of content) {
      await sleep(clock, LATENCY, signal);
      const cut = network.strikes('cut', 'upload');
      if (!end.signal.aborted) await receiver.write(tap.alter('image', cut ? chunk.subarray(0, 50) : chunk));
      if (cut || end.signal.aborted) {
        await receiver.abort();
        drop();
        throw lost('bulk-connection-lost');
      }
      sent += chunk.length;
      onProgress?.(sent);
    }
    await receiver.finish();
  };

  return {
    closed,
    close: async () => drop(),
    retrieve: (name, limit, signal) =>
      exchange('version report', signal, async () => {
        const bytes = await view.read(name);
        if (bytes === undefined) throw new PosternError('bulk-file-refused', '550 No such file');
        const arrived = tap.alter('report', bytes);
        if (arrived.length > limit) throw new PosternError('bulk-too-long', 'The file is too long');
        return arrived;
      }),
    size: (name, signal) => exchange('size', signal, async () => (await view.size(name)) ?? 0),
    store: (name, content, { offset, onProgress }, signal) =>
      exchange('upload', signal, () =>
        asFtpReply(async () => send(await view.receive(name, offset), content, onProgress, signal)),
      ),
  };
};

/** The device's refusals as its FTP adapter words them. */
const asFtpReply = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const code = errorCode(error, 'internal-error');
    if (code === 'cancelled' || code === 'deadline-exceeded' || code.startsWith('bulk-')) throw error;
    throw new PosternError('bulk-file-refused', `550 ${code}: ${errorMessage(error)}`);
  }
};

const inBulkTerms = (error: unknown): never => {
  throw errorCode(error, '') === 'connection-lost' ? lost('bulk-connection-lost') : error;
};

const lost = (code: string): PosternError => new PosternError(code, 'The network did not carry it');
