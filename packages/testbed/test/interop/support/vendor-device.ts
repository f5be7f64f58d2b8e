import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ForeignDevice } from '@postern/testbed';
import { ROOT } from '../../support/root.ts';
import type { Vsftpd } from './vsftpd.ts';

export interface VendorDeviceOptions {
  readonly foreign: ForeignDevice;
  readonly directory: string;
  readonly model: string;
  readonly totalPages: number;
  /** Where the intermediary reaches its FTP server, unless where that listens. */
  readonly bulkPort?: number | undefined;
  /** At each start, before anybody is told of it. */
  readonly onListening?: (said: Said) => void;
  /** Its FTP server, where that is vsftpd. */
  readonly vsftpd?: Vsftpd | undefined;
}

/** Something that the program said. */
export type Said = Readonly<Record<string, unknown>>;

/** An image as the vendor makes them: the first line says what it is. */
export const vendorImage = (version: string, body: string): Buffer =>
  Buffer.from(`${version} ${Buffer.byteLength(body)}\n${body}`);

/** The program of examples/vendor-device, and whoever starts it again when it has ended in order to restart. */
export class VendorDevice {
  readonly passwordFile: string;
  readonly #configFile: string;
  readonly #said: Said[] = [];
  readonly #onListening: (said: Said) => void;
  #errors = '';
  #child: ChildProcess | undefined;
  #ending = false;

  private constructor(directory: string, onListening: (said: Said) => void = () => {}) {
    this.#onListening = onListening;
    this.passwordFile = join(directory, 'password');
    this.#configFile = join(directory, 'config.json');
  }

  static async start({
    foreign,
    directory,
    onListening,
    ...rest
  }: VendorDeviceOptions): Promise<VendorDevice> {
    await mkdir(directory, { recursive: true });
    const device = new VendorDevice(directory, onListening);
    const factoryImage = join(directory, 'factory.img');
    await writeFile(factoryImage, vendorImage('1.0', 'factory'));
    const { identity, intermediary, caFile, certificateFile, keyFile } = foreign;
    const config = {
      deviceId: identity.name,
      host: '127.0.0.1',
      securePort: 0,
      ftpPort: 0,
      ...{ directory, passwordFile: device.passwordFile, factoryImage },
      ...{ intermediary, caFile, certificateFile, keyFile },
      ...rest,
    };
    await writeFile(device.#configFile, JSON.stringify(config, undefined, 2));
    device.#powerOn();
    return device;
  }

  /** What was said under these names, in the order in which it was. */
  said(...events: readonly string[]): readonly Said[] {
    if (this.#errors !== '') throw new Error(`The device said: ${this.#errors}`);
    return this.#said.filter(({ event }) => events.includes(String(event)));
  }

  /** Its FTP server's port. */
  get ftpPort(): number {
    return Number(this.said('listening').at(-1)?.['ftpPort']);
  }

  /** The port of its secure path. */
  get securePort(): number {
    return Number(this.said('listening').at(-1)?.['securePort']);
  }

  /** The password that it keeps; undefined before it was given one. */
  async storedPassword(): Promise<string | undefined> {
    const text = await readFile(this.passwordFile, 'utf8').catch(() => '');
    return text.trim().split(' ')[1];
  }

  #powerOn(): void {
    const program = join(ROOT, 'examples/vendor-device/device.js');
    const child = spawn(process.execPath, [program, this.#configFile], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Said;
      this.#said.push(said);
      if (said['event'] === 'listening') this.#onListening(said);
    });
    child.stderr.on('data', (data) => {
      this.#errors += String(data);
    });
    child.once('exit', (code) => {
      this.#child = undefined;
      if (code === 0 && !this.#ending) this.#powerOn();
    });
  }

  async close(): Promise<void> {
    this.#ending = true;
    const child = this.#child;
    if (child === undefined) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}
