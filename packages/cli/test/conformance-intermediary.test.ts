import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig, startIntermediary } from '@postern/intermediary';
import { generateVendorKey } from '@postern/software-update';
import { killing, openWorkplace, ports, type Workplace } from './support/workplace.ts';

const POSTERN = fileURLToPath(new URL('../bin/postern.js', import.meta.url));
const HOST = '127.0.0.1';
let place: Workplace;
let target = '';
/** Where the command plays the server; the intermediary has to be configured before that is known. */
let played: number | undefined;
const path = (name: string): string => place.path(name);

beforeAll(async () => {
  place = await openWorkplace();
  await place.enrol('server', 'server');
  await place.enrol('intermediary', 'site-a');
  await place.enrol('device', 'probe-1');
  await writeFile(path('vendor.pub'), generateVendorKey().publicKeyPem);
  const intermediary = await place.running(
    startIntermediary(
      parseConfig({
        dataDir: path('data'),
        identityDir: path('site-a'),
        uplink: {
          url: `https://${HOST}:${await openWay()}/uplink`,
          serverName: 'server',
          firstPause: 0.05,
          longestPause: 0.1,
        },
        secure: { host: HOST, port: 0 },
        notice: { host: HOST, port: 0 },
        operation: false,
        vendorKeyFiles: [path('vendor.pub')],
      }),
      ports,
    ),
  );
  target = `https://${HOST}:${intermediary.securePort}/intermediary`;
});
afterAll(() => place.close());

/** A port from which one comes to where the server is played. */
const openWay = async (): Promise<number> => {
  const sockets = new Set<Socket>();
  const way = createServer((socket) => {
    const ends = played === undefined ? [socket] : [socket, connect(played, HOST)];
    for (const end of ends) {
      sockets.add(end);
      end.on('error', () => {});
      end.once('close', () => {
        for (const other of ends) other.destroy();
      });
    }
    const [, onward] = ends;
    if (onward === undefined) socket.destroy();
    else socket.pipe(onward).pipe(socket);
  });
  way.listen(0, HOST);
  await once(way, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    way.close();
  };
  await place.running(Promise.resolve({ close }));
  return (way.address() as AddressInfo).port;
};

const check = async (isPolled: boolean, ...options: readonly string[]) => {
  played = undefined;
  const child = spawn(
    process.execPath,
    [POSTERN, 'conformance', 'intermediary', '--target', target, '--identity', path('probe-1')].concat(
      ['--server-identity', path('server'), '--listen', `${HOST}:0`],
      options,
    ),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await place.running(killing(child));
  const exit = once(child, 'exit');
  const told: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    told.push(line);
    const port = /https:\/\/127\.0\.0\.1:(\d+)\/uplink/.exec(line)?.[1];
    if (isPolled && port !== undefined) played = Number(port);
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const [exitCode] = await exit;
  return { lines, told: told.join('\n'), exitCode };
};

/** @spec R1 R6 */
test('an intermediary is checked by a server and a device that the command plays', async () => {
  const { lines, told, exitCode } = await check(true, '--only', 'poll', 'user-call', '--json');
  const results = lines.map((line) => JSON.parse(line));
  expect(results).toMatchObject([
    { id: 'poll', level: 'required', outcome: 'passed' },
    { id: 'user-call', level: 'required', outcome: 'passed' },
  ]);
  expect(told).toMatch(/The management server is played at https:.*\nsite-a polls\./s);
  expect(exitCode).toBe(0);
}, 60_000);

test('without a key of the vendor updates are skipped, and it says what they need', async () => {
  const { lines, exitCode } = await check(true, '--only', 'update-verified', 'update-signature');
  expect(lines.filter((line) => line.startsWith('skipped'))).toHaveLength(2);
  expect(lines.join('\n')).toContain('Give --vendor-key FILE');
  expect(lines.at(-1)).toContain('2 skipped');
  expect(exitCode).toBe(0);
}, 60_000);

test('when nobody polls it ends after its patience, and says so', async () => {
  const { lines, told, exitCode } = await check(false, '--patience', '1');
  expect(lines).toEqual([]);
  expect(told).toContain('The intermediary did not poll within 1 s');
  expect(exitCode).toBe(1);
}, 60_000);
