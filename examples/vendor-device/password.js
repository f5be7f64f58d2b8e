import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const digest = (text) => createHash('sha256').update(text).digest();

/** Not the name of any node: those do not begin with a dash. */
const NOBODY = '-';

/** The one password that opens the bulk path, in a file: it has to outlive the restart that an update ends with. */
export class Password {
  #file;
  #usersFile;

  /** @param usersFile the users of vsftpd, as pam_userdb reads them */
  constructor(file, usersFile) {
    this.#file = file;
    this.#usersFile = usersFile;
  }

  /** Replaces whatever was stored. An erasure password is one like any other that nobody is told. */
  store(userName, password, jobId) {
    writeFileSync(`${this.#file}.new`, `${userName} ${password} ${jobId}\n`, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    if (this.#usersFile === undefined) return;
    const makeUsers = 'umask 077 && rm -f "$0.new" && db_load -T -t hash "$0.new" && mv "$0.new" "$0"';
    execFileSync('sh', ['-c', makeUsers, this.#usersFile], { input: `${userName}\n${password}\n` });
  }

  /** @returns whether this job had a password, which is gone now */
  end(userName, jobId) {
    const [storedName, , storedJob] = this.#stored();
    if (storedName !== userName || storedJob !== jobId) return false;
    this.store(NOBODY, randomBytes(32).toString('hex'), NOBODY);
    return true;
  }

  opens(userName, password) {
    const [storedName, storedPassword] = this.#stored();
    return timingSafeEqual(digest(`${storedName} ${storedPassword}`), digest(`${userName} ${password}`));
  }

  /** User name, password and job; before the first password nobody's. */
  #stored() {
    try {
      return readFileSync(this.#file, 'utf8').trim().split(' ');
    } catch {
      return [NOBODY, randomBytes(32).toString('hex'), NOBODY];
    }
  }
}
