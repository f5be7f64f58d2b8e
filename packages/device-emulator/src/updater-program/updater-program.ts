import { openBulkServer } from '../adapters/bulk-server.ts';
import { announce } from '../announce.ts';
import type { Address } from '../device-settings.ts';
import { advertised } from '../device-settings.ts';
import { notifyUpdater } from '../notify-updater.ts';
import type { ProgramContext, RunningProgram } from '../program.ts';
import { writeStartNotice } from './notice.ts';
import { postNotice } from './post-notice.ts';

/** All that the updater program is told about its device. */
export interface UpdaterProgramSettings {
  readonly id: string;
  readonly ftp: Address;
  readonly intermediary: { readonly noticeUrl: string };
}

/**
 * The compact program that runs when the firmware is unusable: the bulk path and a start notification in plain HTTP,
 * nothing else. What it imports links no TLS, no XML parser and no database; a test walks the module graph.
 *
 * @spec D5
 */
export const startUpdaterProgram = async (
  settings: UpdaterProgramSettings,
  context: ProgramContext,
): Promise<RunningProgram> => {
  const { ftp, intermediary, id } = settings;
  const server = await openBulkServer(ftp, context);
  const bulkPath = advertised(ftp, server.port);
  const device = { deviceId: id, program: 'updater-program', bulkPath } as const;
  const send = async (signal: AbortSignal): Promise<void> => {
    const notification = context.startNotification();
    if (notification === undefined) return;
    const notice = writeStartNotice({ ...device, ...notification });
    await postNotice(intermediary.noticeUrl, notice, context.clock, signal);
    context.onAnnounced();
  };
  const announcing = Promise.all([
    announce('The start notification', context, context.signal, send),
    notifyUpdater(device, context),
  ]);
  return {
    ftpPort: server.port,
    stop: async () => {
      await Promise.all([server.close(), announcing]);
    },
  };
};
