import type { SFTPWrapper } from 'ssh2';
import type { OutgoingBatch } from '../outgoing-batch.ts';
import { type SftpAnswer, sendAnswer } from './sftp-answer.ts';
import type { SftpFiles } from './sftp-files.ts';

/** Takes a request up: `work` is called when those before it have been answered. */
export type TakeRequest = (bytes: number, work: () => Promise<void>) => void;

/**
 * Binds an SFTP channel to the files: which request is what. Requests that are not here (REMOVE, RENAME, MKDIR,
 * SYMLINK, extensions …) ssh2 answers as not supported.
 */
export const serveSftp = (
  sftp: SFTPWrapper,
  files: SftpFiles,
  answers: OutgoingBatch,
  take: TakeRequest,
): void => {
  const answer = (
    request: number,
    work: () => Promise<SftpAnswer> | SftpAnswer,
    payload?: Uint8Array,
  ): void =>
    take(payload?.length ?? 0, async () => {
      const reply = await work();
      answers.collect();
      sendAnswer(sftp, request, reply);
    });

  sftp
    .on('REALPATH', (request, path) => answer(request, () => files.realPath(path)))
    .on('STAT', (request, path) => answer(request, () => files.stat(path)))
    .on('LSTAT', (request, path) => answer(request, () => files.stat(path)))
    .on('FSTAT', (request, handle) => answer(request, () => files.fileStat(handle)))
    .on('SETSTAT', (request, _path, { size }) => answer(request, () => files.setAttributes(size)))
    .on('FSETSTAT', (request, _handle, { size }) => answer(request, () => files.setAttributes(size)))
    .on('OPENDIR', (request, path) => answer(request, () => files.openDirectory(path)))
    .on('READDIR', (request, handle) => answer(request, () => files.readDirectory(handle)))
    .on('OPEN', (request, path, flags) => answer(request, () => files.open(path, flags)))
    .on('READ', (request, handle, offset, length) =>
      answer(request, () => files.read(handle, offset, length)),
    )
    .on('WRITE', (request, handle, offset, data) =>
      answer(request, () => files.write(handle, offset, data), data),
    )
    .on('CLOSE', (request, handle) => answer(request, () => files.close(handle)));
  // OpenSSH's client waits for the channel to be closed from this side.
  sftp.on('end', () => sftp.end());
};

/** Answers that ssh2 keeps because the client gives no window for them; it tells nobody how many. */
export const heldAnswers = (sftp: SFTPWrapper): number =>
  (sftp as unknown as { readonly _buffer?: readonly Uint8Array[] })._buffer?.length ?? 0;
