import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** What a scripted server does on one command: says something, nothing (`undefined`), or more by itself. */
export type Script = (argument: string, server: ScriptedServer) => string | undefined;

/** Another vendor's FTP server, as far as one test needs it: every reply is written down by the test. */
export class ScriptedServer {
  /** Commands as they came, without arguments of PASS. */
  readonly commands: string[] = [];
  control: Socket | undefined;
  /** The latest data connection as soon as it has come. */
  get data(): Promise<Socket> {
    return this.#data;
  }

  #data: Promise<Socket>;
  readonly #control: Server;
  readonly #passive: Server;
  readonly #sockets = new Set<Socket>();
  #arrived: (socket: Socket) => void = () => {};

  private constructor(scripts: Readonly<Record<string, Script>>) {
    this.#data = new Promise((resolve) => {
      this.#arrived = resolve;
    });
    const all: Record<string, Script> = { ...this.#usual(), ...scripts };
    this.#passive = createServer((socket) => {
      this.#keep(socket);
      this.#arrived(socket);
      this.#data = Promise.resolve(socket);
    });
    this.#control = createServer((socket) => {
      this.#keep(socket);
      this.control = socket;
      const greeting = all['greeting']?.('', this);
      if (greeting !== undefined) this.say(greeting);
      let rest = '';
      socket.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + String(text)).split('\r\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [verb = '', ...words] = line.split(' ');
          this.commands.push(verb === 'PASS' ? verb : line);
          const script = all[verb] ?? (() => '502 Not here');
          const answer = script(words.join(' '), this);
          if (answer !== undefined) this.say(answer);
        }
      });
    });
  }

  static async start(scripts: Readonly<Record<string, Script>>): Promise<ScriptedServer> {
    const server = new ScriptedServer(scripts);
    for (const part of [server.#control, server.#passive]) {
      part.listen({ host: '127.0.0.1', port: 0 });
      await once(part, 'listening');
    }
    return server;
  }

  get port(): number {
    return portOf(this.#control);
  }

  get dataPort(): number {
    return portOf(this.#passive);
  }

  say(reply: string): void {
    this.control?.write(`${reply}\r\n`);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([this.#control, this.#passive].map((part) => new Promise((done) => part.close(done))));
  }

  #usual(): Record<string, Script> {
    return {
      greeting: () => '220 Hello',
      USER: () => '331 Password',
      PASS: () => '230 In',
      TYPE: () => '200 OK',
      EPSV: () => `229 Extended (|||${this.dataPort}|)`,
      QUIT: () => '221 Bye',
    };
  }

  #keep(socket: Socket): void {
    socket.on('error', () => {});
    this.#sockets.add(socket);
  }
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
