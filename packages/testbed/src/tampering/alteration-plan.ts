import { type Clock, errorCode } from '@postern/core';
import {
  type Alteration,
  appendEndless,
  cutAt,
  flipByteAt,
  replaceWith,
  rewrite,
  stallAt,
  trickle,
  truncateAt,
} from './alterations.ts';
import type { Struck, TamperingRules } from './rules.ts';

/** Decides for each transfer which rules apply to it. */
export class AlterationPlan {
  readonly #rules: TamperingRules;
  readonly #clock: Clock;
  readonly #resumed = new AbortController();
  #uploads = 0;
  #cuts = 0;

  constructor(rules: TamperingRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  /** Ends the stall, now and for good. */
  resume(): void {
    this.#resumed.abort();
  }

  /** The alterations of the next upload, in the order in which they are applied. */
  nextUpload(ending: AbortSignal): Alteration[] {
    this.#uploads += 1;
    const { flipByte, truncate, appendEndless: endless, stall, replaceUpload, trickle: slow } = this.#rules;
    const alterations: Alteration[] = [];
    if (replaceUpload && this.#strikes(replaceUpload)) alterations.push(replaceWith(replaceUpload.content));
    if (flipByte && this.#strikes(flipByte)) alterations.push(flipByteAt(flipByte.offset));
    if (truncate && this.#strikes(truncate)) alterations.push(truncateAt(truncate.bytes));
    if (endless && this.#strikes(endless)) alterations.push(appendEndless);
    if (this.#rules.cutAt !== undefined) alterations.push(this.#countedCut(this.#rules.cutAt));
    if (stall?.upload === this.#uploads) {
      alterations.push(stallAt(stall.bytes, ending, this.#resumed.signal));
    }
    if (slow && this.#strikes(slow)) alterations.push(trickle(this.#clock, slow.bytes, slow.pause, ending));
    return alterations;
  }

  /** The alterations of the download of `name`. */
  download(name: string): Alteration[] {
    const { rewriteDownload } = this.#rules;
    return rewriteDownload === undefined ? [] : [rewrite((content) => rewriteDownload(name, content))];
  }

  #strikes({ upload }: { readonly upload: Struck }): boolean {
    return upload === 'every' || upload === this.#uploads;
  }

  /** An upload that ends before the byte of the cut uses up none of the cuts. */
  #countedCut({ bytes, times }: { readonly bytes: number; readonly times: number }): Alteration {
    if (this.#cuts >= times) return (source) => passOn(source);
    const cut = cutAt(bytes);
    const count = (error: unknown): void => {
      if (errorCode(error, '') === 'connection-cut') this.#cuts += 1;
    };
    return async function* (source) {
      try {
        yield* cut(source);
      } catch (error) {
        count(error);
        throw error;
      }
    };
  }
}

async function* passOn(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* source;
}
