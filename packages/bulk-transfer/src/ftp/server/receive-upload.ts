import type { Socket } from 'node:net';
import { errorCode, PosternError, throwIfCancelled, withDeadline } from '@postern/core';
import type { BulkReceiver } from '@postern/software-update';
import { TransferWatch } from '../../common/transfer-watch.ts';
import { pump } from './pump.ts';
import { type Reply, reply } from './reply.ts';
import { giveUpUpload, refusal } from './service-call.ts';
import type { SessionScope } from './session-scope.ts';

/**
 * Takes one upload, chunk by chunk as the socket has read it: nothing is copied, and the socket reads no further
 * than its own buffer while the receiver is busy. The receiver gets exactly one `finish` or one `abort`, and no chunk
 * after that.
 *
 * @returns the reply that ends the transfer; the caller closes the data connection after sending it
 * @spec B1
 */
export const receiveUpload = async (
  session: SessionScope,
  connection: Promise<Socket>,
  receiver: BulkReceiver,
  transfer: AbortSignal,
): Promise<Reply> => {
  try {
    await takeAll(session, await connection, receiver, transfer);
    // Aborted after the last byte: the receiver is still to be told.
    throwIfCancelled(transfer);
  } catch (error) {
    // Before the reply: a SIZE or APPE that follows must see what is left.
    await giveUpUpload(session, receiver);
    return brokenReply(session, transfer.aborted ? transfer.reason : error);
  }
  try {
    const { clock, limits } = session.server;
    const text = await withDeadline(clock, limits.serviceTime, 'Finishing an upload', transfer, () =>
      receiver.finish(),
    );
    return reply(226, text);
  } catch (error) {
    return refusal(session, error);
  }
};

const takeAll = async (
  session: SessionScope,
  socket: Socket,
  receiver: BulkReceiver,
  transfer: AbortSignal,
): Promise<void> => {
  const { clock, limits } = session.server;
  const stall = new AbortController();
  const watch = new TransferWatch({
    clock,
    interval: limits.slowTransferInterval,
    leastBytes: limits.slowTransferBytes,
    localPatience: limits.serviceTime,
    onStall: (side) => stall.abort(stalled(side)),
  });
  const take = async (chunk: Uint8Array): Promise<void> => {
    watch.moved(chunk.length);
    try {
      await watch.waitLocally(() => receiver.write(chunk));
    } catch (cause) {
      throw new PosternError('receiver-refused', 'The receiver refused a chunk', { cause });
    }
  };
  try {
    await pump(socket, take, AbortSignal.any([stall.signal, transfer]));
  } finally {
    watch.stop();
  }
};

const stalled = (side: 'peer' | 'local'): PosternError =>
  side === 'peer'
    ? new PosternError('transfer-too-slow', 'Transfer too slow')
    : new PosternError('receiver-stalled', 'Local processing took too long');

/** The reply to a transfer that ended before its time. */
export const brokenReply = (session: SessionScope, error: unknown): Reply => {
  switch (errorCode(error, 'internal')) {
    case 'receiver-refused':
      return refusal(session, (error as PosternError).cause);
    case 'receiver-stalled':
      return reply(451, 'Local processing took too long');
    case 'data-not-connected':
      return reply(425, 'No data connection came');
    case 'transfer-too-slow':
      return reply(426, 'Transfer too slow, data connection closed');
    case 'transfer-aborted':
      return reply(426, 'Transfer aborted');
    default:
      return reply(426, 'Data connection lost');
  }
};
