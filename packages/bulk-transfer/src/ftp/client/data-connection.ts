import type { Client, FTPContext, FTPResponse, TransferStrategy } from 'basic-ftp';

/**
 * Changes how basic-ftp opens data connections in three points.
 *
 * 1. It closes the whole session when a data connection breaks, so the reply that says why (`552 too-long`) is lost
 *    whenever the reset overtakes it. Here the transfer alone fails, and the reply can be read afterwards.
 * 2. REST goes out behind EPSV or PASV, right before the transfer command, as RFC 3659 section 5.3 wants it.
 * 3. `onOpened` sees each of them first.
 */
export class DataConnections {
  readonly #client: Client;
  readonly #onOpened: () => void;
  #strategy: TransferStrategy;
  #restartAt = 0;
  #ready = false;

  constructor(client: Client, onOpened: () => void) {
    this.#client = client;
    this.#onOpened = onOpened;
    this.#strategy = client.prepareTransfer;
    client.prepareTransfer = this.#prepare;
  }

  /** The next transfer begins behind `offset` bytes. */
  restartAt(offset: number): void {
    this.#restartAt = offset;
  }

  /** A data connection was opened for the latest transfer, so its command was sent and has a reply to come. */
  get ready(): boolean {
    return this.#ready;
  }

  /** How many bytes of the current data connection the operating system has taken. */
  get bytesSent(): number {
    const { dataSocket } = this.#client.ftp;
    return dataSocket === undefined ? 0 : Math.max(0, dataSocket.bytesWritten - dataSocket.writableLength);
  }

  readonly #prepare = async (ftp: FTPContext): Promise<FTPResponse> => {
    const offset = this.#restartAt;
    this.#restartAt = 0;
    this.#ready = false;
    const answer = await this.#strategy(ftp);
    // basic-ftp remembers whichever of EPSV and PASV worked by putting it in our place.
    if (this.#client.prepareTransfer !== this.#prepare) {
      this.#strategy = this.#client.prepareTransfer;
      this.#client.prepareTransfer = this.#prepare;
    }
    // Between here and the transfer's own listeners nobody else listens.
    ftp.dataSocket?.removeAllListeners('error').removeAllListeners('close').on('error', ignore);
    this.#onOpened();
    if (offset !== 0) await ftp.request(`REST ${offset}`);
    this.#ready = true;
    return answer;
  };
}

const ignore = (): void => {};
