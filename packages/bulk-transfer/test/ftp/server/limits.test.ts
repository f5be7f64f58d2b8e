import { afterEach, describe, expect, it } from '@jest/globals';
import type { FtpLimits } from '@postern/bulk-transfer';
import { Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { RawClient } from '../../support/raw-client.ts';
import { type Site, startSite } from '../../support/site.ts';

/** @spec B1 */
describe('limits of the FTP server', () => {
  const clock = new VirtualClock();
  let site: Site;

  const start = async (limits: Partial<FtpLimits>): Promise<void> => {
    site = await startSite({ clock, limits });
  };

  afterEach(async () => {
    await site.server.close();
    expect(clock.pending).toBe(0);
  });

  it('drops a client that does not log in, however busy it is', async () => {
    await start({ loginTime: Seconds(30) });
    const client = await RawClient.connect(site.server.port);
    await client.reply();
    await clock.advance(Seconds(20));
    expect(await client.command('NOOP')).toMatch(/^530 /);
    await clock.advance(Seconds(10));
    expect(await client.reply()).toBe('421 Login took too long');
    await client.gone;
  });

  it('drops an idle session, counting from its last command', async () => {
    await start({ idleTime: Seconds(60) });
    const client = await site.raw();
    await clock.advance(Seconds(50));
    await client.command('NOOP');
    await clock.advance(Seconds(50));
    expect(await client.command('NOOP')).toMatch(/^200 /);
    await clock.advance(Seconds(60));
    expect(await client.reply()).toBe('421 Idle for too long');
    await client.gone;
    expect(site.service.endedSessions).toBe(1);
  });

  it('closes a data port that nobody connects to', async () => {
    await start({ dataConnectTime: Seconds(10), idleTime: Seconds(600) });
    const client = await site.raw();
    await client.command('EPSV');
    expect(await client.command('STOR image.bin')).toMatch(/^150 /);
    await clock.advance(Seconds(10));
    expect(await client.reply()).toMatch(/^425 /);
    expect(site.service.ends).toEqual(['aborted']);
  });

  it('breaks a transfer off that is too slow, and no other', async () => {
    await start({ slowTransferInterval: Seconds(10), slowTransferBytes: 100, idleTime: Seconds(15) });
    const client = await site.raw();
    const data = await client.data();
    await client.command('STOR image.bin');
    for (let round = 1; round <= 3; round += 1) {
      data.write(Buffer.alloc(100));
      await site.service.until(() => site.service.receivedBytes === round * 100);
      await clock.advance(Seconds(10));
    }
    data.write(Buffer.alloc(99));
    await site.service.until(() => site.service.receivedBytes === 399);
    await clock.advance(Seconds(10));
    expect(await client.reply()).toMatch(/^426 Transfer too slow/);
    expect(site.service.ends).toEqual(['aborted']);
  });

  it('does not blame the client for a slow receiver, and gives that one a deadline', async () => {
    await start({ slowTransferInterval: Seconds(10), serviceTime: Seconds(25), idleTime: Seconds(600) });
    let writing: () => void = () => {};
    const inWrite = new Promise<void>((resolve) => {
      writing = resolve;
    });
    site.service.beforeWrite = () => {
      writing();
      return new Promise(() => {});
    };
    const client = await site.raw();
    const data = await client.data();
    await client.command('STOR image.bin');
    data.write('x');
    await inWrite;
    await clock.advance(Seconds(24));
    expect(site.service.ends).toEqual([]);
    await clock.advance(Seconds(2));
    expect(await client.reply()).toMatch(/^451 Local processing took too long/);
  });

  it('refuses one session too many', async () => {
    await start({ sessions: 2 });
    const first = await site.raw();
    await site.raw();
    const third = await RawClient.connect(site.server.port);
    expect(await third.reply()).toBe('421 Too many sessions');
    await third.gone;
    expect(site.server.sessions).toBe(2);
    await first.command('QUIT');
    await site.service.until(() => site.service.endedSessions === 1);
  });

  it('refuses a listing that is too long', async () => {
    await start({ listingBytes: 20 });
    const client = await site.raw();
    await client.data();
    expect(await client.command('LIST')).toMatch(/^451 Listing too long/);
  });
});
