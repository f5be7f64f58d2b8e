/** Connections kept. */
const CONNECTIONS = 256;
/** Bytes kept of each direction of a connection. */
const DIRECTION_BYTES = 1_024 * 1_024;

/** What somebody on the wire saw of one TCP connection: the first bytes each way, at most 1 MiB. */
export interface CapturedConnection {
  /** From the side that opened the connection. */
  readonly up: Buffer;
  readonly down: Buffer;
}

/** Takes what passes through one connection. */
export interface ConnectionRecord {
  up(chunk: Buffer): void;
  down(chunk: Buffer): void;
}

/** Collects what passes through a gateway. Beyond its limits it drops what comes. */
export class StreamRecorder {
  readonly #connections: { readonly up: Buffer[]; readonly down: Buffer[] }[] = [];

  connection(): ConnectionRecord {
    const kept = { up: [] as Buffer[], down: [] as Buffer[] };
    if (this.#connections.length < CONNECTIONS) this.#connections.push(kept);
    return { up: collector(kept.up), down: collector(kept.down) };
  }

  look(): readonly CapturedConnection[] {
    return this.#connections.map(({ up, down }) => ({ up: Buffer.concat(up), down: Buffer.concat(down) }));
  }
}

const collector = (chunks: Buffer[]): ((chunk: Buffer) => void) => {
  let room = DIRECTION_BYTES;
  return (chunk) => {
    if (room <= 0) return;
    // A copy: the buffer belongs to whoever reads it next.
    chunks.push(Buffer.from(chunk.subarray(0, room)));
    room -= chunk.length;
  };
};
