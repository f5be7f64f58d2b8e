import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A hand-driven FTP client: bytes out, whole replies in. */
export class RawClient<S extends Socket = Socket> {
  readonly socket: S;
  /** Resolves when the server has closed the connection. */
  readonly gone: Promise<void>;
  readonly #replies: string[] = [];
  #rest = '';
  #group = '';
  #wake: () => void = () => {};

  private constructor(socket: S) {
    this.socket = socket;
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text) => this.#take(String(text)));
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Goes on over another socket, such as one that was encrypted. */
  static over<S extends Socket>(socket: S): RawClient<S> {
    return new RawClient(socket);
  }

  /** Connects, reads the greeting, logs in. */
  static async login(port: number, user: string, password: string): Promise<RawClient> {
    const client = await RawClient.connect(port);
    await client.reply();
    await client.command(`USER ${user}`);
    await client.command(`PASS ${password}`);
    return client;
  }

  /** The next reply, all of its lines. Rejects when the connection ends without one. */
  async reply(): Promise<string> {
    while (this.#replies.length === 0) {
      const more = new Promise<boolean>((resolve) => {
        this.#wake = () => resolve(true);
      });
      const ended = this.gone.then(() => false);
      if (!(await Promise.race([more, ended])) && this.#replies.length === 0) {
        throw new Error('The server closed the connection');
      }
    }
    return this.#replies.shift() ?? '';
  }

  async command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Sends EPSV and connects to the port it tells. */
  async data(): Promise<Socket> {
    const port = Number(/\|\|\|(\d+)\|/.exec(await this.command('EPSV'))?.[1]);
    return dataTo(port);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#group += `${line}\n`;
      if (!/^\d{3} /.test(line)) continue;
      this.#replies.push(this.#group.trimEnd());
      this.#group = '';
    }
    this.#wake();
  }
}

/** Connects to a data port. */
export const dataTo = async (port: number): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** Everything a data connection delivers until it ends. */
export const readAll = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
