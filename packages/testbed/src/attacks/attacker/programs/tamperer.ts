import { silentLogger } from '@postern/core';
import { createTamperingProxy, type TamperingRules } from '../../../tampering/index.ts';
import type { Endpoint } from '../../../tcp/listener.ts';
import type { AttackerProgram } from '../program.ts';

export interface TampererKnowledge {
  readonly rules: Omit<TamperingRules, 'rewriteDownload'>;
  /** What it writes into version reports in place of what, from which reading on (1: the first). */
  readonly claim?: { readonly from: string; readonly to: string; readonly sinceReading: number };
}

/** On the bulk path: changes what passes. */
export const tamperer: AttackerProgram = async ({ channel, clock, knows }) => {
  const { rules, claim } = knows as TampererKnowledge;
  const target = { host: '127.0.0.1', port: 0 };
  let readings = 0;
  const rewriteDownload = (name: string, content: Buffer): Buffer => {
    if (claim === undefined || !name.startsWith('version-report')) return content;
    readings += 1;
    if (readings < claim.sinceReading) return content;
    return Buffer.from(content.toString('utf8').replace(claim.from, claim.to));
  };
  const proxy = await createTamperingProxy({
    clock,
    logger: silentLogger,
    target,
    rules: { ...rules, rewriteDownload },
  });
  channel.say('listening', { ftp: proxy.port });
  target.port = (await channel.hear<{ bulk: Endpoint }>('lead-to')).bulk.port;
  await channel.hear('tell');
  channel.say('report', {
    uploads: proxy.capture().data.filter(({ direction }) => direction === 'up').length,
  });
};
