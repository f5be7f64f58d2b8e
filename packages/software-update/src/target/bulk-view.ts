import { updateError } from '../errors.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { BulkReceiver, BulkServiceSession } from '../ports/bulk-service.ts';
import { imageName, parseBulkName, versionReportName } from '../version-report/bulk-names.ts';

/** What the view needs of its target. */
export interface BulkViewSource {
  readonly revoked: AbortSignal;
  readonly ended: () => void;
  readonly expected: () => readonly ManifestComponent[];
  readonly held: (component: ManifestComponent) => Promise<number>;
  readonly report: (nonce: string | undefined) => Uint8Array;
  readonly receive: (component: ManifestComponent, offset: number) => Promise<BulkReceiver>;
}

/**
 * What an authenticated session sees: the version report to read, the expected images to write. Nothing else
 * has a name.
 *
 * @spec U2 U4
 */
export const bulkView = (source: BulkViewSource): BulkServiceSession => {
  const expectedImage = (name: string): ManifestComponent | undefined => {
    const parsed = parseBulkName(name);
    if (parsed?.kind !== 'image') return undefined;
    return source.expected().find((component) => component.name === parsed.component);
  };

  return {
    revoked: source.revoked,
    ended: source.ended,
    list: async () => {
      const images = source.expected().map(async (component) => ({
        name: imageName(component.name),
        size: await source.held(component),
        access: 'w' as const,
      }));
      return [
        { name: versionReportName(), size: source.report(undefined).length, access: 'r' },
        ...(await Promise.all(images)),
      ];
    },
    read: async (name) => {
      const parsed = parseBulkName(name);
      return parsed?.kind === 'version-report' ? source.report(parsed.nonce) : undefined;
    },
    size: async (name) => {
      const parsed = parseBulkName(name);
      if (parsed?.kind === 'version-report') return source.report(parsed.nonce).length;
      const component = expectedImage(name);
      return component === undefined ? undefined : source.held(component);
    },
    receive: async (name, offset) => {
      if (parseBulkName(name)?.kind !== 'image')
        throw updateError('transfer-refused', 'Nothing can be stored here');
      const component = expectedImage(name);
      if (component === undefined)
        throw updateError('component-unknown', 'No such component is expected now');
      return source.receive(component, offset);
    },
  };
};
