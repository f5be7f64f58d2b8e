import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the device runs, and the folder that its FTP server shows. The image says itself what it is: its first line is
 * `VERSION BYTES-THAT-FOLLOW`. Without that a device that reads no manifest could not tell half an upload from a whole one.
 */
export class Firmware {
  constructor(directory, factoryImage) {
    this.folder = join(directory, 'ftp');
    this.file = join(directory, 'firmware');
    mkdirSync(this.folder, { recursive: true });
    if (!existsSync(this.file)) writeFileSync(this.file, readFileSync(factoryImage));
    this.#report();
  }

  get version() {
    return heading(this.file).version;
  }

  /** @returns whether there is a whole image, which is the firmware now */
  install() {
    const image = join(this.folder, 'image.firmware');
    const { version, length } = heading(image);
    if (version === undefined || length !== statSync(image).size) return false;
    renameSync(image, this.file);
    this.#report();
    return true;
  }

  /** docs/manifest.md: one `component=version` a line. */
  #report() {
    const file = join(this.folder, 'version-report');
    rmSync(file, { force: true });
    writeFileSync(file, `firmware=${this.version}\n`, { mode: 0o444 });
  }
}

const heading = (file) => {
  const start = readFileSync(file).subarray(0, 100).toString('latin1');
  const [line, version, bytes] = /^(\S+) (\d+)\n/.exec(start) ?? [];
  return line === undefined ? {} : { version, length: line.length + Number(bytes) };
};
