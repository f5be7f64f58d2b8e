import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Alteration,
  appendEndless,
  cutAt,
  flipByteAt,
  rewrite,
  truncateAt,
} from '../../src/tampering/alterations.ts';

/** Any content in any chunks, and an offset in it. */
const transfers = fc
  .array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 6 })
  .map((chunks) => chunks.map((chunk) => Buffer.from(chunk)))
  .chain((chunks) =>
    fc.record({ chunks: fc.constant(chunks), at: fc.nat(Buffer.concat(chunks).length + 2) }),
  );

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

const applied = async (alteration: Alteration, chunks: readonly Buffer[]): Promise<Buffer> => {
  const out: Buffer[] = [];
  for await (const chunk of alteration(from(chunks))) out.push(chunk);
  return Buffer.concat(out);
};

describe('alterations do the same however the bytes are cut into chunks', () => {
  it('flip', () =>
    fc.assert(
      fc.asyncProperty(transfers, async ({ chunks, at }) => {
        const expected = Buffer.concat(chunks);
        const byte = expected[at];
        if (byte !== undefined) expected[at] = byte ^ 1;
        expect((await applied(flipByteAt(at), chunks)).equals(expected)).toBe(true);
      }),
    ));

  it('truncate', () =>
    fc.assert(
      fc.asyncProperty(transfers, async ({ chunks, at }) => {
        const expected = Buffer.concat(chunks).subarray(0, at);
        expect((await applied(truncateAt(at), chunks)).equals(expected)).toBe(true);
      }),
    ));

  it('cut: lets exactly the bytes before it pass', () =>
    fc.assert(
      fc.asyncProperty(transfers, async ({ chunks, at }) => {
        const whole = Buffer.concat(chunks);
        const passed: Buffer[] = [];
        let code = 'none';
        try {
          for await (const chunk of cutAt(at)(from(chunks))) passed.push(chunk);
        } catch (error) {
          code = (error as { code: string }).code;
        }
        expect(Buffer.concat(passed).equals(whole.subarray(0, at))).toBe(true);
        if (whole.length > at) expect(code).toBe('connection-cut');
        if (whole.length < at) expect(code).toBe('none');
      }),
    ));
});

describe('alterations', () => {
  it('append: goes on for as long as somebody takes the bytes', async () => {
    let taken = 0;
    for await (const chunk of appendEndless(from([Buffer.from('image')]))) {
      taken += chunk.length;
      if (taken > 10_000_000) break;
    }
    expect(taken).toBeGreaterThan(10_000_000);
  });

  it('rewrite: refuses to hold more than 1 MiB', async () => {
    const chunks = Array.from({ length: 17 }, () => Buffer.alloc(64 * 1_024));
    await expect(
      applied(
        rewrite((content) => content),
        chunks,
      ),
    ).rejects.toMatchObject({ code: 'capture-too-long' });
  });
});
