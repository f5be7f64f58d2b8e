import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import { oneLine } from '../../common/refusal.ts';

/** What a request is answered with (draft-ietf-secsh-filexfer-02 section 7). */
export type SftpAnswer =
  | { readonly kind: 'status'; readonly code: number; readonly text: string }
  | { readonly kind: 'handle'; readonly handle: Buffer }
  | { readonly kind: 'data'; readonly data: Buffer }
  | { readonly kind: 'attributes'; readonly attributes: Attributes }
  | { readonly kind: 'names'; readonly names: FileEntry[] };

const { STATUS_CODE } = ssh2.utils.sftp;

const status = (code: number, text: string): SftpAnswer => ({ kind: 'status', code, text: oneLine(text) });

export const done = (text: string): SftpAnswer => status(STATUS_CODE.OK, text);
export const endOfFile: SftpAnswer = status(STATUS_CODE.EOF, 'End of file');
export const noSuchFile: SftpAnswer = status(STATUS_CODE.NO_SUCH_FILE, '550 No such file');
export const notAllowed = (text: string): SftpAnswer => status(STATUS_CODE.PERMISSION_DENIED, `553 ${text}`);
export const unsupported = (text: string): SftpAnswer => status(STATUS_CODE.OP_UNSUPPORTED, `504 ${text}`);
/** A failure in FTP's words: the updater finds its code in them. */
export const failed = (code: number, text: string): SftpAnswer =>
  status(STATUS_CODE.FAILURE, `${code} ${text}`);

export const sendAnswer = (sftp: SFTPWrapper, request: number, answer: SftpAnswer): void => {
  switch (answer.kind) {
    case 'status':
      sftp.status(request, answer.code, answer.text);
      break;
    case 'handle':
      sftp.handle(request, answer.handle);
      break;
    case 'data':
      sftp.data(request, answer.data);
      break;
    case 'attributes':
      sftp.attrs(request, answer.attributes);
      break;
    case 'names':
      sftp.name(request, answer.names);
      break;
  }
};
