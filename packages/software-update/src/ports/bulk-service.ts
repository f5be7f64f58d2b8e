/**
 * The bulk path as a device serves it. An adapter in bulk-transfer (an FTP server) speaks the wire protocol
 * and asks this port for everything that matters: who may enter and what is visible.
 */
export interface BulkService {
  /**
   * Decides on a login. Wrong tries are counted behind this port (X3).
   *
   * @returns the session's view, or `undefined` for "refused" (the adapter answers 530 whatever the reason was)
   */
  login(userName: string, password: string, peer: string): Promise<BulkServiceSession | undefined>;
}

/** What one authenticated session may see and do. Nothing else exists for it. */
export interface BulkServiceSession {
  /** Everything visible, for listings: names are flat, without folders. */
  list(): Promise<readonly BulkEntry[]>;
  /** The whole content of a small readable file, or `undefined` when there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Bytes held of an upload or length of a readable file; `undefined` when there is none of that name. */
  size(name: string): Promise<number | undefined>;
  /**
   * Begins or continues an upload.
   *
   * @param offset bytes to keep of what is there; 0 replaces
   * @throws PosternError whose code the adapter puts into its refusal (552 for `too-long` and `storage-full`, 550 for the rest)
   */
  receive(name: string, offset: number): Promise<BulkReceiver>;
  /** Aborts when the credential ends while the session is open: the adapter drops the connection. */
  readonly revoked: AbortSignal;
  /** The adapter calls this once when the session's control connection has ended. */
  ended(): void;
}

/** One visible name. */
export interface BulkEntry {
  readonly name: string;
  readonly size: number;
  /** `r`: can be retrieved; `w`: can be uploaded. */
  readonly access: 'r' | 'w';
}

/** Takes the bytes of one upload as they arrive. */
export interface BulkReceiver {
  /** Takes a chunk; resolves when more may come (back-pressure). Throws as {@link BulkServiceSession.receive}. */
  write(chunk: Uint8Array): Promise<void>;
  /**
   * The data connection closed in good order. Resolves to the text of the adapter's positive reply.
   * Stream mode cannot tell a finished upload from a killed client, so length and digest decide here.
   */
  finish(): Promise<string>;
  /** The transfer broke; what arrived stays for a resumption. */
  abort(): Promise<void>;
}
