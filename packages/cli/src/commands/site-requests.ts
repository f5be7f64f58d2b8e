import type { RemoteRequestKind } from '@postern/contracts';
import { Command, Option } from 'commander';
import { cliError } from '../errors.ts';
import { wholeNumber, wholeNumberOrZero } from '../option-values.ts';
import { print } from '../output/print.ts';
import { answerLines } from '../output/request-lines.ts';
import { type KindArguments, kindCommands, readOperands } from '../requests/kind-options.ts';
import { parseRequestArguments } from '../requests/request-arguments.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

interface RequestOptions extends SiteOptions, KindArguments {
  readonly timeout: number;
}

/**
 * `postern site` requests on the spot: what the server can ask of devices and of the intermediary, asked here.
 *
 * @spec I4
 */
export const siteRequestCommands = (): readonly Command[] => [request(), logs(), polling()];

const request = (): Command => {
  const command = new Command('request').description('ask a device, or the intermediary of this machine');
  const operands = {
    name: '[device or name=value...]',
    description: 'the device, the intermediary itself unless given; and what the request says',
  };
  for (const ofKind of kindCommands(operands, withSpotOptions)) command.addCommand(ofKind);
  return command;
};

const withSpotOptions = (command: Command, kind: RemoteRequestKind): Command =>
  withSiteOptions(command)
    .option('--timeout <seconds>', 'how long it may take', wholeNumber, 60)
    .action(async (operands: readonly string[], options: RequestOptions) => {
      const { texts, names } = readOperands(kind, operands, options);
      const [device, ...more] = names;
      if (more.length > 0) throw cliError('argument-invalid', 'One device is asked at a time');
      print(options, ...(await answered(kind, device, texts, options, options.timeout)));
    });

const logs = (): Command =>
  withSiteOptions(
    new Command('logs')
      .description('the log of a device, or of the intermediary')
      .argument('[device]', 'the device; the intermediary itself unless given')
      .addOption(
        new Option('--level <level>', 'nothing below it')
          .choices(['debug', 'info', 'warn', 'error'])
          .default('info'),
      )
      .option('--limit <count>', 'newest lines', wholeNumber, 100),
  ).action(
    async (
      device: string | undefined,
      options: SiteOptions & { readonly level: string; readonly limit: number },
    ) => {
      const texts = [`minimum-level=${options.level}`, `limit=${options.limit}`];
      print(options, ...(await answered('CollectLogs', device, texts, options)));
    },
  );

const polling = (): Command =>
  withSiteOptions(
    new Command('polling')
      .description('how the server is polled; with options: from now on')
      .option('--hold <seconds>', 'how long a poll is held open; 0: answered at once', wholeNumberOrZero)
      .option('--interval <seconds>', 'from the end of a poll to the next one', wholeNumber),
  ).action(async (options: SiteOptions & { readonly hold?: number; readonly interval?: number }) => {
    const set = [
      ...(options.hold === undefined ? [] : [`polling.hold=${options.hold}`]),
      ...(options.interval === undefined ? [] : [`polling.interval=${options.interval}`]),
    ];
    if (set.length > 0) await answered('SetParameters', undefined, set, options);
    const names = ['names=polling.hold,polling.interval'];
    print(options, ...(await answered('GetParameters', undefined, names, options)));
  });

/** @returns what to print as JSON, and for people */
const answered = async (
  kind: RemoteRequestKind,
  device: string | undefined,
  texts: readonly string[],
  options: SiteOptions,
  expiresInSeconds = 60,
): Promise<[object, readonly string[]]> => {
  const value = parseRequestArguments(kind, texts);
  const answer = await withSite(options, async (site) => {
    const target = device ?? (await site.status()).name;
    return site.request({ kind, target, value, expiresInSeconds });
  });
  const lines = answerLines(answer.value);
  return [answer, lines.length === 0 ? ['Done'] : lines];
};
