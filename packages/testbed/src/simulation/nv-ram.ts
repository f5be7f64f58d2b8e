import type { NvRamContent } from '@postern/device-emulator/compose';
import type { Life } from './life.ts';

/** An engine that saves energy soon: an update has to wake it. */
const EMPTY = JSON.stringify({
  counters: {},
  parameters: { 'energy-saving-minutes': '1' },
  ports: {},
} satisfies NvRamContent);

/** NV-RAM as one life of a device sees it. */
export interface NvRamOfLife {
  readonly content: NvRamContent;
  update(change: (content: NvRamContent) => NvRamContent): Promise<void>;
}

/** A device's NV-RAM, held in memory. Outlives the lives of its device; each writes through {@link NvRam.seenBy}. */
export class NvRam {
  #text = EMPTY;
  readonly #raised: { readonly code: string; readonly noticeId: string }[] = [];

  get content(): NvRamContent {
    return JSON.parse(this.#text) as NvRamContent;
  }

  /** The numbers of the abnormalities that were ever raised with this code, as they were written. */
  raised(code: string): readonly string[] {
    return this.#raised.filter((notice) => notice.code === code).map(({ noticeId }) => noticeId);
  }

  /** Each write is a boundary at which the life may end. */
  seenBy(life: Life): NvRamOfLife {
    const read = (): NvRamContent => this.content;
    return {
      get content(): NvRamContent {
        return read();
      },
      update: (change) =>
        life.effect('NV-RAM', () => {
          const before = read();
          const now = change(before);
          this.#noteRaised(before, now);
          this.#text = JSON.stringify(now);
        }),
    };
  }

  #noteRaised({ notices: before = [] }: NvRamContent, { notices: now = [] }: NvRamContent): void {
    const known = new Set(before.map(({ noticeId }) => noticeId));
    for (const notice of now) {
      if (notice.kind === 'abnormality' && !known.has(notice.noticeId)) this.#raised.push(notice);
    }
  }
}
