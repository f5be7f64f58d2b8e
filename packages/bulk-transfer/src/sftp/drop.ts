/** SFTP for those who log in with a key: where software is dropped, and who drops it (I5). Loads SSH code. */
export type { BulkServer } from '../common/bulk-server.ts';
export { type AuthorizedKey, type AuthorizedKeysCode, parseAuthorizedKeys } from './authorized-keys.ts';
export { type DropLogin, openSftpDrop } from './client/open-sftp-drop.ts';
export { generateSshHostKey, sshHostKeyFingerprint, sshPublicKeyLine } from './host-key.ts';
export type { KeyLoginService } from './server/key-door.ts';
export { createSftpDropServer, type SftpDropServerOptions } from './server/sftp-drop-server.ts';
