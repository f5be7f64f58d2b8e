import { REMOTE_REQUEST_KINDS } from '@postern/contracts';
import { Command } from 'commander';
import { cliError } from '../errors.ts';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';
import { answerLines } from '../output/request-lines.ts';
import { parseRequestArguments, parseRequestKind, toKebab } from '../requests/request-arguments.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

interface RequestOptions extends SiteOptions {
  readonly argument: readonly string[];
  readonly timeout: number;
}

/**
 * `postern site` requests on the spot: what the server can ask of devices and of the intermediary, asked here.
 *
 * @spec I4
 */
export const siteRequestCommands = (): readonly Command[] => [request(), logs(), polling()];

const gathered = (text: string, before: readonly string[]): readonly string[] => [...before, text];

const request = (): Command =>
  withSiteOptions(
    new Command('request')
      .description(`ask a device, or the intermediary: ${REMOTE_REQUEST_KINDS.map(toKebab).join(', ')}`)
      .argument('<kind>', 'of the request')
      .argument(
        '[device or name=value...]',
        'the device, the intermediary itself unless given; and what the request says',
      )
      .option('--argument <name=value>', 'what the request says; may be repeated', gathered, [])
      .option('--timeout <seconds>', 'how long it may take', wholeNumber, 60),
  ).action(async (kind: string, operands: readonly string[], options: RequestOptions) => {
    const [device, ...more] = operands.filter((text) => !text.includes('='));
    if (more.length > 0) throw cliError('argument-invalid', 'One device is asked at a time');
    const texts = [...options.argument, ...operands.filter((text) => text.includes('='))];
    print(options, ...(await answered(kind, device, texts, options, options.timeout)));
  });

const logs = (): Command =>
  withSiteOptions(
    new Command('logs')
      .description('the log of a device, or of the intermediary')
      .argument('[device]', 'the device; the intermediary itself unless given')
      .option('--level <level>', 'debug, info, warn or error: nothing below it', 'info')
      .option('--limit <count>', 'newest lines', wholeNumber, 100),
  ).action(
    async (
      device: string | undefined,
      options: SiteOptions & { readonly level: string; readonly limit: number },
    ) => {
      const texts = [`minimum-level=${options.level}`, `limit=${options.limit}`];
      print(options, ...(await answered('collect-logs', device, texts, options)));
    },
  );

const polling = (): Command =>
  withSiteOptions(
    new Command('polling')
      .description('how the server is polled; with options: from now on')
      .option('--hold <seconds>', 'how long a poll is held open', wholeNumber)
      .option('--interval <seconds>', 'from the end of a poll to the next one', wholeNumber),
  ).action(async (options: SiteOptions & { readonly hold?: number; readonly interval?: number }) => {
    const set = [
      ...(options.hold === undefined ? [] : [`polling.hold=${options.hold}`]),
      ...(options.interval === undefined ? [] : [`polling.interval=${options.interval}`]),
    ];
    if (set.length > 0) await answered('set-parameters', undefined, set, options);
    const names = ['names=polling.hold,polling.interval'];
    print(options, ...(await answered('get-parameters', undefined, names, options)));
  });

/** @returns what to print as JSON, and for people */
const answered = async (
  kindText: string,
  device: string | undefined,
  texts: readonly string[],
  options: SiteOptions,
  expiresInSeconds = 60,
): Promise<[object, readonly string[]]> => {
  const kind = parseRequestKind(kindText);
  const value = parseRequestArguments(kind, texts);
  const answer = await withSite(options, async (site) => {
    const target = device ?? (await site.status()).name;
    return site.request({ kind, target, value, expiresInSeconds });
  });
  const lines = answerLines(answer.value);
  return [answer, lines.length === 0 ? ['Done'] : lines];
};
