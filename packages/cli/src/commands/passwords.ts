import { systemEntropy } from '@postern/core';
import { encodePasswordList, makePasswordList } from '@postern/software-update';
import { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';
import { writeSecret } from '../software-files.ts';

interface GenerateOptions {
  readonly device: string;
  readonly updater: string;
  readonly count: number;
  readonly out: string;
  readonly json?: boolean;
}

/** `postern passwords`: lists of passwords that people carry to both sides, where there is no TLS. */
export const passwordsCommand = (): Command =>
  new Command('passwords')
    .description('password lists for devices that are updated without TLS')
    .addCommand(generate());

/** @spec P1 */
const generate = (): Command =>
  new Command('generate')
    .description('make a password list for one device: give the same file to it and to its intermediary')
    .requiredOption('--device <name>', 'the device')
    .requiredOption('--updater <name>', 'the intermediary that updates it')
    .option('--count <n>', 'how many passwords; an update takes two; at most 10000', wholeNumber, 100)
    .requiredOption('--out <file>', 'where the list goes; readable by its owner alone, never overwritten')
    .option('--json', 'print JSON')
    .action(async (options: GenerateOptions) => {
      const { device: deviceId, updater: userName, count, out } = options;
      const list = makePasswordList(systemEntropy, { deviceId, userName, count });
      await writeSecret(out, encodePasswordList(list));
      print(options, { file: out, list: list.list, device: deviceId, updater: userName, entries: count }, [
        `Password list ${list.list} with ${count} passwords for ${deviceId}: ${out}`,
      ]);
    });
