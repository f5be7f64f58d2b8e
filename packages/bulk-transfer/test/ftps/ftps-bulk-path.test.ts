import { afterEach, describe, expect, it } from '@jest/globals';
import { type BulkServer, bulkPaths, certificateFingerprint } from '@postern/bulk-transfer';
import { silentLogger, systemClock } from '@postern/core';
import { serveFtp } from '../../src/ftp/server/ftp-server.ts';
import type { FtpProtection } from '../../src/ftp/server/protection.ts';
import { tlsContext } from '../../src/ftps/certificate.ts';
import { tlsProtection } from '../../src/ftps/server/tls-protection.ts';
import { MemoryBulkService } from '../support/memory-bulk-service.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { chunks, neverAborted } from '../support/site.ts';

const own = selfSigned();
const foreign = selfSigned('somebody else');
const path = bulkPaths({ clock: systemClock, logger: silentLogger });

/** @spec B2 */
describe.each(['explicit', 'implicit'] as const)(
  'FTPS client, %s, whose data connections are taken over',
  (mode) => {
    let server: BulkServer;
    let service: MemoryBulkService;

    afterEach(() => server.close());

    const open = async () => {
      service = new MemoryBulkService();
      const right = tlsProtection(mode, () => tlsContext(own), false);
      const wrong = tlsProtection(mode, () => tlsContext(foreign), false);
      const taken: FtpProtection = {
        mode,
        begin: () => ({ control: right.begin().control, data: wrong.begin().data }),
      };
      const options = { service, clock: systemClock, logger: silentLogger, host: '127.0.0.1', port: 0 };
      server = await serveFtp(options, taken, undefined);
      return path.open(
        {
          host: '127.0.0.1',
          port: server.port,
          kind: `ftps-${mode}`,
          hostKey: certificateFingerprint(own.cert),
        },
        { userName: service.userName, oneTimePassword: service.password },
        neverAborted,
      );
    };

    it('sends them nothing', async () => {
      const session = await open();
      await expect(
        session.store('image.bin', chunks(3, 1_000), { offset: 0 }, neverAborted),
      ).rejects.toMatchObject({ code: 'bulk-host-unproved' });
      await session.closed;
      await service.until(() => service.ends.length === 1);
      expect(service.receivedBytes).toBe(0);
    });

    it('takes nothing from them', async () => {
      const session = await open();
      await expect(session.retrieve('version.txt', 100, neverAborted)).rejects.toMatchObject({
        code: 'bulk-host-unproved',
      });
      await session.closed;
    });
  },
);

/** @spec B2 */
describe('FTPS client, explicit, before TLS', () => {
  it.each([
    ['has no TLS', '502 What?'],
    ['speaks in the clear after AUTH', '234 Go on\r\n230 Logged in'],
  ])('sends no password to a server that %s', async (_what, answer) => {
    const server = await ScriptedServer.start({
      AUTH: (_argument, { control }) => {
        control?.end(`${answer}\r\n`);
        return undefined;
      },
    });
    await expect(
      path.open(
        { host: '127.0.0.1', port: server.port, kind: 'ftps-explicit', hostKey: 'ab'.repeat(32) },
        { userName: 'updater-1', oneTimePassword: 'secret' },
        neverAborted,
      ),
    ).rejects.toMatchObject({ code: 'bulk-unreachable' });
    expect(server.commands.filter((command) => /^(USER|PASS)/.test(command))).toEqual([]);
    await server.close();
  });
});
