import type { AuthorityOptions, Authority as Opened } from './authority.ts';

/**
 * Opens the development CA of `directory`, making it on the first start. Processes that start at the same time agree
 * on one.
 *
 * @throws PosternError `key-too-open`, `authority-damaged`
 */
export const openAuthority = async (options: AuthorityOptions): Promise<Opened> => {
  const { Authority, loadOrCreateKeys } = await import('../x509-parts.ts');
  return new Authority(options, await loadOrCreateKeys(options));
};
