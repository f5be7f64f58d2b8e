/** SQLite with fsync on commit, atomic files, images addressed by digest, directory lock. May import core only. */
export { type BundleEntry, type BundleLimits, defaultBundleLimits } from './bundle/bundle-entry.ts';
export { readBundleFolder } from './bundle/read-folder.ts';
export { readBundleTar } from './bundle/read-tar.ts';
export { type TarFile, tarFiles } from './bundle/tar-files.ts';
export {
  type BundleContent,
  bundleEntries,
  packBundle,
  writeBundleFolder,
  writeBundleTar,
} from './bundle/write-bundle.ts';
export { copyDatabase, restoreDatabase, schemaVersion } from './database/copy.ts';
export {
  type Changes,
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Query,
} from './database/database.ts';
export type { Migration } from './database/migrations.ts';
export type { PreparedQuery, Values } from './database/prepared.ts';
export { type DirectoryLock, lockDirectory, requireUnlocked } from './directory-lock.ts';
export { STORAGE_ERRORS, type StorageCode } from './errors.ts';
export { readTextFile, removeTemporaryFiles, writeFileAtomic } from './files.ts';
export type { ImageReceiver } from './images/image-receiver.ts';
export {
  type ByteRange,
  createImageStore,
  type ImageStore,
  type ImageStoreOptions,
  type ReceiveOptions,
  type StoredImage,
} from './images/image-store.ts';
