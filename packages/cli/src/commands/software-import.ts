import { Command } from 'commander';
import { formatBytes, print } from '../output/print.ts';
import { readBundleFiles } from '../software-bundle.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

interface BundleOptions {
  readonly manifest: string;
  readonly image: readonly string[];
  readonly keyRotation?: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

/**
 * `postern software bundle`: one release as a folder or tar file, for a site without a connection.
 *
 * @spec I5
 */
export const bundleCommand = (): Command =>
  new Command('bundle')
    .description('put a signed manifest and its images into one folder or tar file, for a recording medium')
    .requiredOption('--manifest <file>', 'signed manifest')
    .requiredOption('--image <file...>', 'the image files it names (repeatable)')
    .option('--key-rotation <file...>', 'signed key rotations, oldest first (repeatable)')
    .requiredOption('--out <path>', 'NAME.tar for a tar file, else a folder that does not exist yet')
    .option('--json', 'print JSON')
    .action(async (options: BundleOptions) => {
      const content = await readBundleFiles(options);
      const { writeBundleFolder, writeBundleTar } = await import('@postern/intermediary/operation');
      const write = options.out.endsWith('.tar') ? writeBundleTar : writeBundleFolder;
      await write(options.out, content);
      const bytes = content.images.reduce((sum, { length }) => sum + length, 0);
      print(options, { bundle: options.out, images: content.images.length, bytes }, [
        `Bundle ${options.out}: ${content.images.length} images, ${formatBytes(bytes)}`,
      ]);
    });

/**
 * `postern software import`: brings a bundle to the shelf of the intermediary that runs here.
 *
 * @spec I5
 */
export const importCommand = (): Command =>
  withSiteOptions(
    new Command('import')
      .description("put a bundle on the shelf of this machine's intermediary")
      .argument('<bundle>', 'folder or tar file, as `postern software bundle` makes it'),
  ).action(async (bundle: string, options: SiteOptions) => {
    const { bundleBytes } = await import('@postern/intermediary/operation');
    const software = await withSite(options, async (site) => site.importSoftware(await bundleBytes(bundle)));
    print(options, software, [`On the shelf: ${software.software} for ${software.model}, ${software.id}`]);
  });
