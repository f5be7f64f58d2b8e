/** One line of the control connection. */
export type CommandLine =
  | { readonly kind: 'command'; readonly verb: string; readonly argument: string }
  | { readonly kind: 'malformed'; readonly code: 500 | 501; readonly reason: string };

/** Bytes of one command line with its CR LF. */
export const LONGEST_LINE = 512;

const CR = 0x0d;
const LF = 0x0a;
const IAC = 0xff;
const SE = 0xf0;
const SB = 0xfa;
const WILL = 0xfb;

type TelnetState = 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command';

/**
 * Cuts the control connection's bytes into commands, however they are split over packets (RFC 959 section 4.1.3).
 * Telnet commands (RFC 854) are dropped: FTP clients send `IAC IP IAC DM` before ABOR. Pure: no I/O, bounded memory.
 */
export class CommandReader {
  readonly #line = Buffer.alloc(LONGEST_LINE);
  #length = 0;
  #taken = 0;
  #telnet: TelnetState = 'text';

  /** Nothing of a further line has arrived. */
  get empty(): boolean {
    return this.#taken === 0;
  }

  /** Takes what arrived and returns the lines that are complete now. */
  push(chunk: Uint8Array): CommandLine[] {
    const lines: CommandLine[] = [];
    for (const byte of chunk) {
      this.#taken += 1;
      if (!this.#isText(byte)) continue;
      if (byte !== LF) {
        if (this.#length < LONGEST_LINE) this.#line[this.#length++] = byte;
        continue;
      }
      lines.push(this.#taken > LONGEST_LINE ? TOO_LONG : parseLine(this.#line.subarray(0, this.#length)));
      this.#length = 0;
      this.#taken = 0;
    }
    return lines;
  }

  /** Follows telnet commands; true for bytes that belong to the line. */
  #isText(byte: number): boolean {
    switch (this.#telnet) {
      case 'text':
        if (byte !== IAC) return true;
        this.#telnet = 'command';
        return false;
      case 'command':
        if (byte >= WILL && byte < IAC) this.#telnet = 'option';
        else this.#telnet = byte === SB ? 'subnegotiation' : 'text';
        // Below SE it is no telnet command: its second byte travelled as urgent data and is not in this stream.
        return byte < SE || byte === IAC;
      case 'option':
        this.#telnet = 'text';
        return false;
      case 'subnegotiation':
        if (byte === IAC) this.#telnet = 'subnegotiation-command';
        return false;
      case 'subnegotiation-command':
        this.#telnet = byte === SE ? 'text' : 'subnegotiation';
        return false;
    }
  }
}

const TOO_LONG: CommandLine = { kind: 'malformed', code: 500, reason: 'Command line too long' };

/** @param line without its LF */
const parseLine = (line: Buffer): CommandLine => {
  if (line.at(-1) !== CR) return malformed(501, 'Command lines end with CR LF');
  const bytes = line.subarray(0, -1);
  if (bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return malformed(501, 'Control characters refused');
  const text = decode(bytes);
  if (text === undefined) return malformed(501, 'Not UTF-8');
  const [, verb, argument] = /^([A-Za-z]{3,4})(?: (.*))?$/.exec(text) ?? [];
  if (verb === undefined) return malformed(500, 'Not a command');
  return { kind: 'command', verb: verb.toUpperCase(), argument: argument ?? '' };
};

const malformed = (code: 500 | 501, reason: string): CommandLine => ({ kind: 'malformed', code, reason });

const decode = (bytes: Buffer): string | undefined => {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
};
