import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PosternError } from '@postern/core';
import { TransferWatch } from '../../common/transfer-watch.ts';
import { brokenReply } from './receive-upload.ts';
import { type Reply, reply } from './reply.ts';
import type { SessionScope } from './session-scope.ts';

/** Bytes handed to the socket at a time, so that a client that reads slowly can be told from one that stopped. */
const PIECE = 16 * 1_024;

/**
 * Sends a small content that is already in memory.
 *
 * @returns the reply that ends the transfer; the caller closes the data connection after sending it
 */
export const sendContent = async (
  session: SessionScope,
  connection: Promise<Socket>,
  content: Uint8Array,
  transfer: AbortSignal,
): Promise<Reply> => {
  const { clock, limits } = session.server;
  let socket: Socket;
  try {
    socket = await connection;
  } catch (error) {
    return brokenReply(session, transfer.aborted ? transfer.reason : error);
  }
  const slow = new AbortController();
  const watch = new TransferWatch({
    clock,
    interval: limits.slowTransferInterval,
    // The last interval may end with less than a piece left in the socket's buffer.
    leastBytes: Math.min(limits.slowTransferBytes, PIECE),
    localPatience: limits.serviceTime,
    onStall: () => slow.abort(new PosternError('transfer-too-slow', 'Transfer too slow')),
  });
  const signal = AbortSignal.any([slow.signal, transfer]);
  try {
    await pipeline(Readable.from(pieces(content, watch), { highWaterMark: 1 }), socket, { signal });
    return reply(226, 'Transfer complete');
  } catch (error) {
    return brokenReply(session, signal.aborted ? signal.reason : error);
  } finally {
    watch.stop();
  }
};

function* pieces(content: Uint8Array, watch: TransferWatch): Generator<Uint8Array> {
  for (let start = 0; start < content.length; start += PIECE) {
    const piece = content.subarray(start, start + PIECE);
    watch.moved(piece.length);
    yield piece;
  }
}
