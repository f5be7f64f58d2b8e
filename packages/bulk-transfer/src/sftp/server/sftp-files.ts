import type { BulkServiceSession } from '@postern/software-update';
import ssh2, { type FileEntry } from 'ssh2';
import { refusalOf } from '../../common/refusal.ts';
import { ask } from '../../common/service-calls.ts';
import { fileAttributes, fileEntry, flatName, ROOT } from './attributes.ts';
import { IncomingUpload, type UploadScope } from './incoming-upload.ts';
import {
  done,
  endOfFile,
  failed,
  noSuchFile,
  notAllowed,
  type SftpAnswer,
  unsupported,
} from './sftp-answer.ts';

/** What a handle stands for. */
type OpenFile =
  | { readonly kind: 'content'; readonly content: Uint8Array }
  | { readonly kind: 'upload'; readonly upload: IncomingUpload }
  | { readonly kind: 'listing'; names: FileEntry[] };

/** Bytes of one answer to READ. */
const LONGEST_READ = 32 * 1_024;

const { OPEN_MODE } = ssh2.utils.sftp;

/**
 * The requests of one SFTP session on the files of its view: names are flat, small files are read, images are written
 * from front to back. Whatever the service refuses becomes a status with its code.
 *
 * @spec B3
 */
export class SftpFiles {
  readonly #scope: UploadScope;
  readonly #view: BulkServiceSession;
  readonly #open = new Map<number, OpenFile>();
  #lastHandle = 0;

  constructor(scope: UploadScope) {
    this.#scope = scope;
    this.#view = scope.view;
  }

  realPath(path: string): SftpAnswer {
    const name = flatName(path);
    if (name === undefined) return noSuchFile;
    const filename = `/${name}`;
    return { kind: 'names', names: [{ filename, longname: filename, attrs: ROOT }] };
  }

  stat(path: string): Promise<SftpAnswer> {
    return this.#answering(async () => {
      const name = flatName(path);
      if (name === undefined) return noSuchFile;
      if (name === '') return { kind: 'attributes', attributes: ROOT };
      return this.#sizeOf(name);
    });
  }

  open(path: string, flags: number): Promise<SftpAnswer> {
    return this.#answering(async () => {
      const name = flatName(path);
      if (name === undefined || name === '') return notAllowed('File name not allowed');
      return flags & OPEN_MODE.WRITE ? this.#openUpload(name, flags) : this.#openContent(name);
    });
  }

  read(handle: Uint8Array, offset: number, length: number): SftpAnswer {
    const file = this.#find(handle);
    if (file?.kind !== 'content') return unsupported('Not open for reading');
    if (!(offset >= 0 && offset < file.content.length)) return endOfFile;
    const { buffer, byteOffset } = file.content;
    const size = Math.min(length, LONGEST_READ, file.content.length - offset);
    return { kind: 'data', data: Buffer.from(buffer as ArrayBuffer, byteOffset + offset, size) };
  }

  write(handle: Uint8Array, offset: number, data: Uint8Array): Promise<SftpAnswer> {
    return this.#answering(async () => {
      const file = this.#find(handle);
      if (file?.kind !== 'upload') return unsupported('Not open for writing');
      await file.upload.write(offset, data);
      return done('');
    });
  }

  /** The end of an upload is decided here. */
  close(handle: Uint8Array): Promise<SftpAnswer> {
    return this.#answering(async () => {
      const file = this.#find(handle);
      if (file === undefined) return unsupported('No such handle');
      this.#open.delete(numberOf(handle));
      return done(file.kind === 'upload' ? await file.upload.finish() : '');
    });
  }

  fileStat(handle: Uint8Array): SftpAnswer {
    const file = this.#find(handle);
    if (file?.kind !== 'content') return unsupported('No attributes of what is not open for reading');
    return { kind: 'attributes', attributes: fileAttributes(file.content.length) };
  }

  openDirectory(path: string): Promise<SftpAnswer> {
    return this.#answering(async () => {
      if (flatName(path) !== '') return noSuchFile;
      const entries = await ask(this.#scope, 'Listing', () => this.#view.list());
      const names = entries.map(fileEntry);
      const bytes = names.reduce((sum, { filename, longname }) => sum + filename.length + longname.length, 0);
      if (bytes > this.#scope.limits.listingBytes) return failed(451, 'Listing too long');
      return this.#keep({ kind: 'listing', names });
    });
  }

  readDirectory(handle: Uint8Array): SftpAnswer {
    const file = this.#find(handle);
    if (file?.kind !== 'listing') return unsupported('Not a listing');
    const { names } = file;
    file.names = [];
    return names.length === 0 ? endOfFile : { kind: 'names', names };
  }

  /** Owners, modes and times mean nothing here and may be set; a size may not. */
  setAttributes(size: number | undefined): SftpAnswer {
    return size === undefined ? done('') : unsupported('The size is what was written');
  }

  /** The connection has ended: unfinished uploads are given up. */
  async end(): Promise<void> {
    for (const file of this.#open.values()) if (file.kind === 'upload') await file.upload.abort();
    this.#open.clear();
  }

  async #openContent(name: string): Promise<SftpAnswer> {
    const content = await ask(this.#scope, 'Reading a file', () => this.#view.read(name));
    return content === undefined ? noSuchFile : this.#keep({ kind: 'content', content });
  }

  /** Without TRUNC an upload goes on where its first byte says; what cannot be written at all is refused here. */
  async #openUpload(name: string, flags: number): Promise<SftpAnswer> {
    if (flags & OPEN_MODE.EXCL) return unsupported('Uploads are not created exclusively');
    if ([...this.#open.values()].some(({ kind }) => kind === 'upload')) {
      return failed(450, 'Another upload is open');
    }
    const upload = new IncomingUpload(this.#scope, name);
    try {
      if (flags & OPEN_MODE.TRUNC) await upload.begin(0);
      else if ((await this.#sizeOf(name)) === noSuchFile) {
        await upload.abort();
        return noSuchFile;
      }
    } catch (error) {
      await upload.abort();
      throw error;
    }
    const answer = this.#keep({ kind: 'upload', upload });
    if (answer.kind !== 'handle') await upload.abort();
    return answer;
  }

  async #sizeOf(name: string): Promise<SftpAnswer> {
    const size = await ask(this.#scope, 'Asking for a size', () => this.#view.size(name));
    return size === undefined ? noSuchFile : { kind: 'attributes', attributes: fileAttributes(size) };
  }

  #keep(file: OpenFile): SftpAnswer {
    if (this.#open.size >= this.#scope.limits.handles) return failed(450, 'Too many open files');
    this.#lastHandle += 1;
    this.#open.set(this.#lastHandle, file);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#lastHandle);
    return { kind: 'handle', handle };
  }

  #find(handle: Uint8Array): OpenFile | undefined {
    return this.#open.get(numberOf(handle));
  }

  async #answering(work: () => Promise<SftpAnswer>): Promise<SftpAnswer> {
    try {
      return await work();
    } catch (error) {
      const { code, text } = refusalOf(error, this.#scope.logger, this.#scope.ending);
      return failed(code, text);
    }
  }
}

/** 0, which no handle has, for what was never given out. */
const numberOf = (handle: Uint8Array): number =>
  handle.length === 4 ? new DataView(handle.buffer, handle.byteOffset, 4).getUint32(0) : 0;
