import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RawClient } from '../../support/raw-client.ts';
import { type Site, startSite } from '../../support/site.ts';

/** @spec B1 */
describe('an upload', () => {
  let site: Site;
  let client: RawClient;
  let data: Socket;

  beforeEach(async () => {
    site = await startSite();
    client = await site.raw();
    data = await client.data();
  });
  afterEach(() => site.server.close());

  /** Keeps the receiver busy with its first chunk, from when `busy` resolves until `release` is called. */
  const busyReceiver = (): { readonly busy: Promise<void>; release: () => void } => {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const busy = new Promise<void>((resolve) => {
      site.service.beforeWrite = () => {
        resolve();
        return gate;
      };
    });
    return { busy, release: () => release() };
  };

  /** Resolves when the server has carried out whatever it had begun. */
  const settled = async (): Promise<void> => {
    for (let command = 0; command < 3; command += 1) await client.command('NOOP');
  };

  it('arrives whole and in order although it ended while the receiver was busy', async () => {
    const image = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => index % 251));
    const { busy, release } = busyReceiver();
    await client.command('STOR image.bin');
    data.end(image);
    await busy;
    release();
    expect(await client.reply()).toBe('226 300000 bytes taken');
    expect(site.service.held('image.bin').equals(image)).toBe(true);
    expect(site.service.mostWritesAtOnce).toBe(1);
  });

  it('is given no chunk after it was given up', async () => {
    const { busy, release } = busyReceiver();
    await client.command('STOR image.bin');
    data.write(Buffer.alloc(1_000_000));
    await busy;
    expect(await client.command('ABOR')).toMatch(/^426 /);
    expect(await client.reply()).toMatch(/^226 /);
    release();
    await settled();
    expect(site.service.ends).toEqual(['aborted']);
    // The write that was under way, and no other.
    expect(site.service.receivedBytes).toBe(site.service.largestChunk);
  });

  it('keeps what arrived before the connection broke', async () => {
    const { busy, release } = busyReceiver();
    await client.command('STOR image.bin');
    data.write('part');
    await busy;
    data.resetAndDestroy();
    await once(data, 'close');
    expect(site.service.ends).toEqual([]);
    release();
    expect(await client.reply()).toMatch(/^426 Data connection lost/);
    expect(site.service.ends).toEqual(['aborted']);
    expect(site.service.held('image.bin').toString()).toBe('part');
  });

  it('may be empty and closed before it was asked for', async () => {
    data.end();
    await once(data.resume(), 'close');
    expect(await client.command('STOR image.bin')).toMatch(/^150 /);
    expect(await client.reply()).toBe('226 0 bytes taken');
    expect(site.service.ends).toEqual(['finished']);
  });

  it('fails when the connection had broken before it was asked for', async () => {
    data.resetAndDestroy();
    await once(data, 'close');
    await settled();
    expect(await client.command('STOR image.bin')).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^426 Data connection lost/);
    expect(site.service.ends).toEqual(['aborted']);
  });
});
