import { registerSoftware, type SoftwareParts } from '../domain/register-software.ts';
import { pageOf, pageQuery, valid } from './input.ts';
import { type Page, type SoftwareView, softwareView } from './views.ts';

/** Software as operators deal with it. */
export interface SoftwareUseCases {
  list(query: unknown): Page<SoftwareView>;
  /** @throws PosternError those of {@link registerSoftware} */
  register(signedManifest: Uint8Array): Promise<{
    readonly created: boolean;
    readonly view: SoftwareView & { readonly warnings: readonly string[] };
  }>;
}

export const softwareUseCases = (software: SoftwareParts): SoftwareUseCases => ({
  list: (query) => {
    const page = valid(pageQuery, query);
    return pageOf(software.stores.software.page(page), page.limit, ({ id }) => id, softwareView);
  },
  register: async (signedManifest) => {
    const { created, software: record, warnings } = await registerSoftware(software, signedManifest);
    return { created, view: { ...softwareView(record), warnings } };
  },
});
