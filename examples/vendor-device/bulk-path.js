import { closeSync, openSync, readSync, watch } from 'node:fs';
import FtpSrv from 'ftp-srv';

const ignore = () => {};
/** What ftp-srv logs at its finest level has the passwords. */
const silent = {
  child: () => silent,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
};

/** ftp-srv: the one-time password opens the folder. @returns the port */
export const serveFtp = async ({ host, port, root, password, onUploaded }) => {
  const ftp = new FtpSrv({ url: `ftp://${host}:${port}`, pasv_url: host, log: silent });
  ftp.on('login', ({ connection, username, password: tried }, accept, refuse) => {
    if (!password.opens(username, tried)) return refuse(new Error('Login incorrect'));
    connection.on('STOR', (error) => error ?? onUploaded());
    return accept({ root });
  });
  await ftp.listen();
  return ftp.server.address().port;
};

/**
 * vsftpd, which somebody else has started and which lets in the users of the file: its log says when an upload has ended.
 *
 * @returns the port
 */
export const followVsftpd = ({ port, logFile, onUploaded }) => {
  const log = openSync(logFile, 'a+');
  const read = () => {
    const chunk = Buffer.alloc(4_096);
    let text = '';
    for (let length = readSync(log, chunk); length > 0; length = readSync(log, chunk)) {
      text += chunk.toString('latin1', 0, length);
    }
    return text;
  };
  read();
  watch(logFile, () => {
    if (read().includes('OK UPLOAD')) onUploaded();
  });
  process.once('exit', () => closeSync(log));
  return port;
};
