import ssh2, { type SFTPWrapper } from 'ssh2';
import type { OutgoingBatch } from '../outgoing-batch.ts';

const { OPEN_MODE } = ssh2.utils.sftp;

/** The requests that the bulk path needs, as promises. They reject with the other side's status or a lost connection. */
export interface SftpRequests {
  openToRead(name: string): Promise<Buffer>;
  /** @param truncate throws away what is there */
  openToWrite(name: string, truncate: boolean): Promise<Buffer>;
  /** Resolves to nothing at the end of the file. */
  read(handle: Buffer, offset: number, length: number): Promise<Uint8Array>;
  write(handle: Buffer, offset: number, data: Uint8Array): Promise<void>;
  close(handle: Buffer): Promise<void>;
  size(name: string): Promise<number>;
}

/** @param writes the batch of the connection that `sftp` runs over */
export const sftpRequests = (sftp: SFTPWrapper, writes: OutgoingBatch): SftpRequests => ({
  openToRead: (name) => promised((done) => sftp.open(name, OPEN_MODE.READ, done)),
  openToWrite: (name, truncate) => {
    const flags = OPEN_MODE.WRITE | OPEN_MODE.CREAT | (truncate ? OPEN_MODE.TRUNC : 0);
    return promised((done) => sftp.open(name, flags, done));
  },
  read: (handle, offset, length) =>
    promised((done) => {
      const buffer = Buffer.alloc(length);
      sftp.read(handle, buffer, 0, length, offset, (error, count) => done(error, buffer.subarray(0, count)));
    }),
  write: (handle, offset, data) =>
    promised((done) => {
      const bytes = Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.length);
      writes.collect();
      sftp.write(handle, bytes, 0, bytes.length, offset, (error) => done(error, undefined));
    }),
  close: (handle) => promised((done) => sftp.close(handle, (error) => done(error, undefined))),
  size: (name) => promised((done) => sftp.stat(name, (error, stats) => done(error, stats?.size ?? 0))),
});

const promised = <T>(call: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
