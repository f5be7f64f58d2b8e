import type { Socket } from 'node:net';

/**
 * How an FTP server encrypts its connections. The plain server has none: whoever brings one brings the TLS code (D5).
 *
 * @spec B2
 */
export interface FtpProtection {
  /** `implicit`: from the first byte on; `explicit`: after AUTH TLS (RFC 4217). */
  readonly mode: 'explicit' | 'implicit';
  /** What one control connection and its data connections share. */
  begin(): ConnectionProtection;
}

export interface ConnectionProtection {
  /**
   * Takes the control connection over and encrypts it. The socket that comes back carries nothing before `onSecured`
   * was called; a handshake that fails ends both sockets.
   */
  control(plain: Socket, onSecured: () => void): Socket;
  /**
   * Encrypts a data connection. Resolves when the handshake is done and has shown that whoever is there is the client
   * of this control connection; rejects, with the socket gone, when it has not.
   */
  data(plain: Socket): Promise<Socket>;
}
