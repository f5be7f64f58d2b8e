import { type AnnounceContext, announce } from './announce.ts';
import type { ProgramContext, ProgramKind } from './program.ts';
import { writeStartNotice } from './updater-program/notice.ts';
import { postNotice } from './updater-program/post-notice.ts';

/** Where an updater listens for start notifications, by convention the same as at an intermediary. */
const NOTICE_PATH = '/intermediary';

/**
 * Notifies the start to the updater of the open job in plain HTTP, where that one has named an address of its own: a
 * stand-alone tool, say. Ends when it was accepted, or the job has ended. Never rejects.
 *
 * @spec U6 U20
 */
export const notifyUpdater = async (
  device: {
    readonly deviceId: string;
    readonly program: ProgramKind;
    readonly bulkPath: { readonly host: string; readonly port: number };
  },
  context: AnnounceContext & Pick<ProgramContext, 'signal' | 'startNotification'>,
): Promise<void> => {
  const { clock, signal, startNotification } = context;
  await announce("The start notification to the job's updater", context, signal, async (bounded) => {
    const { notifyStartAt, ...notification } = startNotification() ?? {};
    if (notifyStartAt === undefined) return;
    const { host, port } = notifyStartAt;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${NOTICE_PATH}`;
    await postNotice(url, writeStartNotice({ ...device, ...notification }), clock, bounded);
  });
};
