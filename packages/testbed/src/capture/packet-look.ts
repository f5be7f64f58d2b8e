/** Control lines kept. */
const CONTROL_LINES = 2_000;
/** Data connections kept. */
const TRANSFERS = 64;
/** Bytes kept of each data connection. */
const TRANSFER_BYTES = 1_024 * 1_024;

/** What somebody on the wire saw of one data connection. */
export interface CapturedTransfer {
  /** Seen from the client, the updater. */
  readonly direction: 'up' | 'down';
  /** The command that asked for it, e.g. `STOR image.bin`. */
  readonly command: string;
  /** The first bytes as their sender sent them; at most 1 MiB. */
  readonly bytes: Buffer;
  /** How many bytes their sender sent. */
  readonly total: number;
}

/** What somebody on the wire saw of the bulk path. */
export interface PacketLook {
  /** Lines of the control connections: `> ` from the client, `< ` from the server, as they were sent. */
  readonly control: readonly string[];
  readonly data: readonly CapturedTransfer[];
}

/** Collects a {@link PacketLook}. Beyond its limits it only counts. */
export class Recorder {
  readonly #control: string[] = [];
  readonly #transfers: TransferRecord[] = [];

  controlLine(from: 'client' | 'server', line: string): void {
    if (this.#control.length < CONTROL_LINES) this.#control.push(`${from === 'client' ? '>' : '<'} ${line}`);
  }

  transfer(direction: 'up' | 'down', command: string): TransferRecord {
    const record = new TransferRecord(direction, command);
    if (this.#transfers.length < TRANSFERS) this.#transfers.push(record);
    return record;
  }

  look(): PacketLook {
    return { control: [...this.#control], data: this.#transfers.map((record) => record.look()) };
  }
}

/** The record of one data connection while it runs. */
export class TransferRecord {
  readonly #direction: 'up' | 'down';
  readonly #command: string;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  constructor(direction: 'up' | 'down', command: string) {
    this.#direction = direction;
    this.#command = command;
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = TRANSFER_BYTES - this.#kept;
    if (room <= 0) return;
    // A copy: the buffer may be changed by a rule later on.
    const kept = Buffer.from(chunk.subarray(0, room));
    this.#kept += kept.length;
    this.#chunks.push(kept);
  }

  look(): CapturedTransfer {
    return {
      direction: this.#direction,
      command: this.#command,
      bytes: Buffer.concat(this.#chunks),
      total: this.#total,
    };
  }
}
