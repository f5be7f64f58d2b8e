import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLogger, systemClock } from '@postern/core';
import { type FirewallProcess, startFirewallProcess } from '../src/firewall/firewall-process.ts';
import { run } from '../src/main.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

let above: Server;
let firewall: FirewallProcess;

beforeEach(async () => {
  above = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(above, 'listening');
  const address = above.address();
  const to = { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
  const ports = { clock: systemClock, logger: silentLogger };
  firewall = await startFirewallProcess({ ...ports, inside: LOOPBACK, to, status: LOOPBACK });
});

afterEach(async () => {
  await firewall.close();
  above.close();
});

const status = (path: string, method = 'GET') =>
  fetch(`http://127.0.0.1:${firewall.statusPort}${path}`, { method });

/** @spec T5 */
describe('the process of postern firewall', () => {
  it('forwards what is opened from inside, and tells its counters', async () => {
    const socket = connect(firewall.inside);
    socket.end('hello');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('hello');
    await once(socket, 'close');
    expect(await (await status('/')).json()).toMatchObject({ forwarded: 1, bytesUp: 5, bytesDown: 5 });
  });

  it('answers nothing but GET / at its status port', async () => {
    expect((await status('/other')).status).toBe(404);
    expect((await status('/', 'POST')).status).toBe(404);
  });

  it('does not start where one of its ports is taken, and leaves none of the others open', async () => {
    const ports = { clock: systemClock, logger: silentLogger };
    const taken = { host: '127.0.0.1', port: firewall.inside.port };
    const starting = startFirewallProcess({ ...ports, inside: LOOPBACK, to: LOOPBACK, status: taken });
    await expect(starting).rejects.toMatchObject({ code: 'listen-failed' });
  });
});

it.each(['8443', 'gateway', 'gateway:65536', 'https://gateway:1', 'a b:1', '::1:8443'])(
  'refuses %p as an address',
  async (inside) => {
    const said: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    await run(['node', 'postern', 'firewall', '--inside', inside, '--to', '127.0.0.1:1']);
    jest.restoreAllMocks();
    expect(process.exitCode).toBe(2);
    process.exitCode = 0;
    expect(said.join('')).toContain('Expected HOST:PORT');
  },
);
