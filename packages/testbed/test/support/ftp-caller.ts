import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

/** Somebody at an FTP server: sends raw bytes, reads reply lines. */
export class FtpCaller {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket, lines: Interface) {
    this.#socket = socket;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Connects and reads the greeting. */
  static async open(port: number): Promise<FtpCaller> {
    const caller = await FtpCaller.#connect(port);
    await caller.reply();
    return caller;
  }

  /** What the server says first. */
  static async greeting(port: number): Promise<string> {
    const caller = await FtpCaller.#connect(port);
    try {
      return await caller.reply();
    } finally {
      caller.close();
    }
  }

  static async #connect(port: number): Promise<FtpCaller> {
    const socket = connect({ host: '127.0.0.1', port });
    // Refused connections end with a reset; the lines before it are what counts.
    socket.on('error', () => {});
    await once(socket, 'connect');
    return new FtpCaller(socket, createInterface({ input: socket }));
  }

  /** The last line of the next reply (RFC 959 section 4.2); `closed` when the connection has ended. */
  async reply(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return 'closed';
      if (/^\d{3} /.test(value)) return value;
    }
  }

  /** Sends a command, or bytes as they are, and reads the reply. */
  async say(command: string | Uint8Array): Promise<string> {
    this.#socket.write(typeof command === 'string' ? `${command}\r\n` : command);
    return this.reply();
  }

  /** Logs in; the reply to PASS. */
  async login(userName: string, password: string): Promise<string> {
    await this.say(`USER ${userName}`);
    return this.say(`PASS ${password}`);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** How an FTP server answers one login on a connection of its own. */
export const tryLogin = async (port: number, userName: string, password: string): Promise<string> => {
  const caller = await FtpCaller.open(port);
  try {
    return await caller.login(userName, password);
  } finally {
    caller.close();
  }
};
