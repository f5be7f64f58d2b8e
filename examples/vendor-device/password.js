import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const digest = (text) => createHash('sha256').update(text).digest();

/** The one password that opens the bulk path, in a file: it has to outlive the restart that an update ends with. */
export class Password {
  #file;

  constructor(file) {
    this.#file = file;
  }

  /** Replaces whatever was stored. An erasure password is one like any other that nobody is told. */
  store(userName, password) {
    writeFileSync(`${this.#file}.new`, `${userName} ${password}\n`, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }

  opens(userName, password) {
    return timingSafeEqual(digest(this.#stored()), digest(`${userName} ${password}\n`));
  }

  #stored() {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch {
      return '';
    }
  }
}
