import { join } from 'node:path';

/** The database of an intermediary. */
export const databasePath = (dataDir: string): string => join(dataDir, 'intermediary.db');
