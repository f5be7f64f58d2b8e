import { createHash } from 'node:crypto';
import type { device } from '@postern/contracts';
import type { Clock, Logger } from '@postern/core';
import type { FileContents } from '../../adapters/files/file-contents.ts';
import type { DeviceMemory } from '../../adapters/flash/nv-ram.ts';
import {
  digestsInUse,
  type FileRecord,
  fileOf,
  requireRoomFor,
  withFile,
  withoutFile,
} from '../../domain/files.ts';
import { MOST_UPLOADS, type Upload, wholeContent, withPart } from '../../domain/upload.ts';
import { deviceError } from '../../errors.ts';
import type { CarryOut, Plan } from './changing-requests.ts';

/** Bytes that one answer carries, as `t:FileContent` allows. */
const PART_BYTES = 49_152;

export interface FileService {
  readonly nvRam: DeviceMemory;
  readonly contents: FileContents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly carryOut: CarryOut;
}

/** The file operations of the device contract. */
export interface FileOperations {
  list(): device.ListFilesResponse;
  read(request: device.ReadFile): Promise<device.ReadFileResponse>;
  write(request: device.WriteFile): Promise<device.WriteFileResponse>;
  delete(request: device.DeleteFile): Promise<device.DeleteFileResponse>;
}

/**
 * Small files of the device, such as reports. One appears, changes and goes with a single write of NV-RAM, which names
 * what lies on the disk.
 *
 * @throws PosternError `file-unknown`, `file-damaged`, `file-incomplete`, `file-mismatched`, `file-too-large`, `storage-full`,
 *   and those of `CarryOut`
 * @spec I3
 */
export const fileOperations = (service: FileService): FileOperations => {
  const { nvRam, contents, logger, carryOut } = service;
  const uploads = new Map<string, Upload>();

  /** What no file needs any more. One that stays because of a failure is removed at the next start. */
  const removeUnused = async (sha256: string | undefined): Promise<void> => {
    if (sha256 === undefined || digestsInUse(nvRam.content).has(sha256)) return;
    await contents.remove(sha256).catch(() => {});
  };

  const complete = async (name: string, upload: Upload): Promise<Plan<device.WriteFileResponse>> => {
    const { length, sha256 } = upload;
    // If this is not the file, no further part can mend it.
    uploads.delete(name);
    const content = wholeContent(name, upload);
    await contents.write(sha256, content);
    const replaced = nvRam.content.files?.[name]?.sha256;
    const file: FileRecord = { length, sha256, modifiedAt: service.clock.now() };
    return {
      answer: { received: length, complete: true },
      change: (before) => withFile(before, name, file),
      effect: async () => {
        logger.info('A file was written', { name });
        await removeUnused(replaced);
      },
    };
  };

  return {
    list: () => ({
      file: Object.entries(nvRam.content.files ?? {})
        .map(([name, file]) => ({ name, ...file }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }),
    read: async ({ name, offset = 0 }) => {
      const file = fileOf(nvRam.content, name);
      const content = await contents.read(file.sha256);
      if (content === undefined || createHash('sha256').update(content).digest('hex') !== file.sha256) {
        throw deviceError('file-damaged', `The file ${name} is damaged`);
      }
      return { file: { name, ...file }, content: content.subarray(offset, offset + PART_BYTES) };
    },
    write: (request) =>
      carryOut('WriteFile', request, async () => {
        const { name } = request;
        requireRoomFor(nvRam.content, name);
        const upload = withPart(uploads.get(name), request);
        if (upload.received === upload.length) return complete(name, upload);
        return {
          answer: { received: upload.received, complete: false },
          effect: () => {
            uploads.delete(name);
            uploads.set(name, upload);
            const [rested] = uploads.keys();
            if (uploads.size > MOST_UPLOADS && rested !== undefined) uploads.delete(rested);
          },
        };
      }),
    delete: (request) =>
      carryOut('DeleteFile', request, () => {
        const { name } = request;
        const known = nvRam.content.files ?? {};
        const deleted = Object.hasOwn(known, name);
        const sha256 = deleted ? known[name]?.sha256 : undefined;
        return {
          answer: { deleted },
          change: (content) => withoutFile(content, name),
          effect: async () => {
            uploads.delete(name);
            if (deleted) logger.info('A file was deleted', { name });
            await removeUnused(sha256);
          },
        };
      }),
  };
};
