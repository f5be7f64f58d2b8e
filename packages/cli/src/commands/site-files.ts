import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OperationClient } from '@postern/intermediary/operation';
import { Command } from 'commander';
import { print } from '../output/print.ts';
import { readWholeFile, type TransferContext, writeWholeFile } from '../requests/file-transfer.ts';
import { readBytes } from '../software-files.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

/**
 * `postern site files`: whole files of a device, part by part and checked by their digest.
 *
 * @spec I1 I4
 */
export const siteFilesCommand = (): Command =>
  new Command('files').description('files of a device').addCommand(pull()).addCommand(push());

const pull = (): Command =>
  withSiteOptions(
    new Command('pull')
      .description('read a file of a device')
      .argument('<device>', 'the device')
      .argument('<file>', 'its name there')
      .option('--out <path>', 'where to write it; in this directory, under its own name, unless given'),
  ).action(async (device: string, file: string, options: SiteOptions & { readonly out?: string }) => {
    const { content = Buffer.alloc(0) } = await withSite(options, (site) =>
      readWholeFile({ ask: askingSite(site, device), onProgress }, file),
    );
    const out = options.out ?? basename(file);
    await writeFile(out, content);
    print(options, { file: out, length: content.length }, [`${out}: ${content.length} bytes`]);
  });

const push = (): Command =>
  withSiteOptions(
    new Command('push')
      .description('write a file to a device')
      .argument('<device>', 'the device')
      .argument('<file>', 'of this machine')
      .option('--name <name>', 'its name at the device; that of the file unless given'),
  ).action(async (device: string, file: string, options: SiteOptions & { readonly name?: string }) => {
    const name = options.name ?? basename(file);
    const content = await readBytes(file);
    await withSite(options, (site) =>
      writeWholeFile({ ask: askingSite(site, device), onProgress }, name, content),
    );
    print(options, { device, file: name, length: content.length }, [`${name}: ${content.length} bytes`]);
  });

interface Answered {
  readonly state: 'answered';
  readonly answer: unknown;
}

/** One part may take as long. Seconds. */
const ONE_PART = 60;

/** What a device refuses is thrown by the client, with its code. */
const askingSite =
  (site: Pick<OperationClient, 'request'>, target: string): TransferContext<Answered>['ask'] =>
  async (kind, value) => {
    const answer = await site.request({ kind, target, value, expiresInSeconds: ONE_PART });
    return [{ state: 'answered', answer: answer.value }];
  };

/** Standard output is for results. */
const onProgress = (done: number, total: number): void => {
  process.stderr.write(`${done} of ${total} bytes\n`);
};
