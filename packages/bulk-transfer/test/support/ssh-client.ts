import ssh2, { type Client, type ClientChannel, type ConnectConfig, type SFTPWrapper } from 'ssh2';

/** A hand-driven SSH client. */
export class SshClient {
  readonly client: Client = new ssh2.Client();
  /** Resolves when the connection has ended. */
  readonly gone: Promise<void>;

  constructor() {
    this.gone = new Promise((resolve) => this.client.once('close', () => resolve()));
    this.client.on('error', () => {}).once('connect', () => this.client.setNoDelay(true));
  }

  /** Rejects with ssh2's error when the login fails, or when the connection ends instead. */
  login(port: number, login: ConnectConfig): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.gone.then(() => reject(new Error('The connection was closed')));
      this.client.once('ready', () => resolve()).once('error', reject);
      this.client.connect({ host: '127.0.0.1', port, ...login });
    });
  }

  sftp(): Promise<SFTPWrapper> {
    return answered((done) => this.client.sftp(done));
  }

  exec(command: string): Promise<ClientChannel> {
    return answered((done) => this.client.exec(command, done));
  }

  shell(): Promise<ClientChannel> {
    return answered((done) => this.client.shell(done));
  }

  forward(): Promise<ClientChannel> {
    return answered((done) => this.client.forwardOut('127.0.0.1', 1, '127.0.0.1', 22, done));
  }

  listen(): Promise<number> {
    return answered((done) => this.client.forwardIn('127.0.0.1', 0, done));
  }

  subsystem(name: string): Promise<ClientChannel> {
    return answered((done) => this.client.subsys(name, done));
  }
}

/** What a call with a callback answers, as a promise. */
export const answered = <T>(
  call: (done: (error: Error | null | undefined, value: T) => void) => unknown,
): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
