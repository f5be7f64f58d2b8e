import type { Socket } from 'node:net';
import type { BulkEntry } from '@postern/software-update';
import { isPlainName } from '../../common/file-name.ts';
import { formatListing, type ListingForm, MACHINE_ROOT, machineLine } from './listing.ts';
import { receiveUpload } from './receive-upload.ts';
import { type Reply, reply } from './reply.ts';
import { sendContent } from './send-content.ts';
import { askService, beginUpload, refusal, viewOf } from './service-call.ts';
import type { CommandHandler, SessionScope } from './session-scope.ts';

/** Commands on files. Errors of the service become replies here. */

const BAD_NAME = reply(553, 'File name not allowed');
const NO_FILE = reply(550, 'No such file');
const OPENING = reply(150, 'Opening the data connection');

/** Wraps a handler whose argument is a file name: refuses bad names, turns errors into replies. */
const onFile =
  (work: CommandHandler): CommandHandler =>
  async (session, name, transfer) => {
    if (!isPlainName(name)) return BAD_NAME;
    try {
      return await work(session, name, transfer);
    } catch (error) {
      return refusal(session, error);
    }
  };

export const size = onFile(async (session, name) => {
  const bytes = await sizeOf(session, name);
  return bytes === undefined ? NO_FILE : reply(213, String(bytes));
});

const sizeOf = (session: SessionScope, name: string): Promise<number | undefined> =>
  askService(session, 'Asking for a size', () => viewOf(session).size(name));

export const stor = onFile((session, name, transfer) => upload(session, name, session.restartAt, transfer));

export const appe = onFile(async (session, name, transfer) => {
  if (session.restartAt !== 0) return reply(503, 'REST goes with STOR, not with APPE');
  return upload(session, name, (await sizeOf(session, name)) ?? 0, transfer);
});

const upload = async (
  session: SessionScope,
  name: string,
  offset: number,
  transfer: AbortSignal,
): Promise<Reply> => {
  const connection = offered(session);
  const receiver = await beginUpload(session, name, offset);
  session.send(OPENING);
  return receiveUpload(session, connection, receiver, transfer);
};

export const retr = onFile(async (session, name, transfer) => {
  const connection = offered(session);
  const content = await askService(session, 'Reading a file', () => viewOf(session).read(name));
  if (content === undefined) return NO_FILE;
  if (session.restartAt > content.length) return reply(554, 'Restart behind the end of the file');
  session.send(OPENING);
  return sendContent(session, connection, content.subarray(session.restartAt), transfer);
});

const list =
  (form: ListingForm): CommandHandler =>
  async (session, argument, transfer) => {
    // Clients pass options of `ls`; RFC 959 knows none.
    const name = form === 'MLSD' ? argument : argument.replace(/^-\S*(?: |$)/, '');
    const isRoot = name === '' || name === '/';
    if (!isRoot && form === 'MLSD') return reply(501, 'There is no directory but "/"');
    if (!isRoot && !isPlainName(name)) return BAD_NAME;
    try {
      const connection = offered(session);
      const entries = await visible(session);
      const content = formatListing(form, isRoot ? entries : entries.filter((entry) => entry.name === name));
      if (content.length > session.server.limits.listingBytes) return reply(451, 'Listing too long');
      session.send(OPENING);
      return await sendContent(session, connection, content, transfer);
    } catch (error) {
      return refusal(session, error);
    }
  };

export const listLong = list('LIST');
export const listNames = list('NLST');
export const listMachine = list('MLSD');

export const mlst: CommandHandler = async (session, argument, transfer) => {
  if (argument === '' || argument === '/') return reply(250, 'Listing', [MACHINE_ROOT]);
  return mlstFile(session, argument, transfer);
};

const mlstFile = onFile(async (session, name) => {
  const entry = (await visible(session)).find((candidate) => candidate.name === name);
  return entry === undefined ? NO_FILE : reply(250, 'Listing', [machineLine(entry)]);
});

const visible = (session: SessionScope): Promise<readonly BulkEntry[]> =>
  askService(session, 'Listing', () => viewOf(session).list());

/** The data connection to come; the command rules see to it that a port was opened. */
const offered = (session: SessionScope): Promise<Socket> => {
  if (session.listener === undefined) throw new TypeError('No data port was opened');
  return session.listener.connection();
};
