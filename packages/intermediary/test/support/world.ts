import { join } from 'node:path';
import { type NodeIdentity, systemClock, systemEntropy } from '@postern/core';
import { type Authority, type EnrolledNode, ensureNodeIdentity, openAuthority } from '@postern/pki';
import { temporaryDirectory } from './directory.ts';

/** A certificate authority with the nodes of one site. TLS judges validity by the machine's clock. */
export class World {
  readonly directory: string;
  readonly #authority: Authority;

  private constructor(directory: string, authority: Authority) {
    this.directory = directory;
    this.#authority = authority;
  }

  static async make(): Promise<World> {
    const directory = await temporaryDirectory();
    const options = { directory: join(directory, 'ca'), clock: systemClock, entropy: systemEntropy };
    return new World(directory, await openAuthority(options));
  }

  /** Of an intermediary. */
  dataDirectory(name = 'site-a'): string {
    return join(this.directory, `data-${name}`);
  }

  identityDirectory({ role, name }: NodeIdentity): string {
    return join(this.directory, `${role}-${name}`);
  }

  enrol(identity: NodeIdentity): Promise<EnrolledNode> {
    return ensureNodeIdentity({
      directory: this.identityDirectory(identity),
      identity,
      authority: this.#authority,
      clock: systemClock,
    });
  }
}
