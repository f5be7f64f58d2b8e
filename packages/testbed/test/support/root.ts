import { fileURLToPath } from 'node:url';

/** The workspace's root folder. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
