import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import type { Endpoint } from '../../tcp/listener.ts';

const CLOSED = 'closed';

/** Somebody at an FTP server, with nothing but what RFC 959 says. */
export class FtpCaller {
  readonly #socket: Socket;
  readonly #server: Endpoint;
  readonly #lines: AsyncIterator<string>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket, server: Endpoint, lines: Interface) {
    this.#socket = socket;
    this.#server = server;
    this.#lines = lines[Symbol.asyncIterator]();
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Connects and reads the greeting. */
  static async open(server: Endpoint): Promise<FtpCaller> {
    const socket = connect(server);
    // Refused connections end with a reset; the lines before it are what counts.
    socket.on('error', () => {});
    await once(socket, 'connect');
    const caller = new FtpCaller(socket, server, createInterface({ input: socket }));
    await caller.reply();
    return caller;
  }

  /** The last line of the next reply; `closed` when the connection has ended. */
  async reply(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return CLOSED;
      if (/^\d{3} /.test(value)) return value;
    }
  }

  async say(command: string): Promise<string> {
    this.#socket.write(`${command}\r\n`);
    return this.reply();
  }

  /** The reply to PASS. */
  async login(userName: string, password: string): Promise<string> {
    await this.say(`USER ${userName}`);
    return this.say(`PASS ${password}`);
  }

  /** Sends a file; the reply that ends the transfer, or refuses it. */
  async upload(name: string, content: Uint8Array): Promise<string> {
    await this.say('TYPE I');
    const port = /\(\|\|\|(\d+)\|\)/.exec(await this.say('EPSV'))?.[1];
    if (port === undefined) return CLOSED;
    const data = connect({ host: this.#server.host, port: Number(port) });
    data.on('error', () => {});
    const begun = await this.say(`STOR ${name}`);
    if (!begun.startsWith('150')) {
      data.destroy();
      return begun;
    }
    data.end(content);
    return this.reply();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** What came of a login, and of an image that was sent under it. */
export interface Intrusion {
  /** The reply to PASS. */
  readonly login: string;
  /** The reply to the image; empty when the login opened nothing. */
  readonly upload: string;
}

/** Logs in, sends an image, and when it is taken waits until the device restarts. */
export const intrude = async (
  server: Endpoint,
  { userName, password }: { readonly userName: string; readonly password: string },
  content: Uint8Array,
  component = 'firmware',
): Promise<Intrusion> => {
  const caller = await FtpCaller.open(server);
  try {
    const login = await caller.login(userName, password);
    if (!login.startsWith('230')) return { login, upload: '' };
    const upload = await caller.upload(`image.${component}`, content);
    if (upload.startsWith('226')) await caller.closed;
    return { login, upload };
  } finally {
    caller.close();
  }
};
