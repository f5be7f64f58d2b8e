import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterThisTest } from './cleanup.ts';
import { type Tool, tool } from './tools.ts';

/** Who servers run as when the tests run as root: `nobody`. */
export const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export interface EachConnection {
  readonly port: number;
  /** What the processes have said so far. */
  readonly said: () => string;
}

/**
 * A server that is started for each connection with the connection as its standard input and output, as inetd does. So
 * the system gives the port, it listens at once, and nothing of it is left.
 */
export const serveEachConnection = async (name: Tool, args: readonly string[]): Promise<EachConnection> => {
  const path = tool(name);
  const children = new Set<ChildProcess>();
  let said = '';
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    const child = spawn(path, args, { stdio: [socket, socket, 'pipe'], ...UNPRIVILEGED });
    children.add(child);
    child.stderr?.on('data', (data) => {
      said += String(data);
    });
    child.once('error', (error) => {
      said += error.message;
    });
    child.once('close', () => children.delete(child));
    // The child has its own.
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisTest(async () => {
    const ended = [...children].map((child) => once(child, 'close'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...ended, new Promise((resolve) => server.close(resolve))]);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('The server has no port');
  return { port: address.port, said: () => said };
};
