import { escapeText, type types, type uplink, uplinkContract } from '@postern/contracts';
import { defaultListenerLimits } from '@postern/soap-rpc';

/** What the node above takes at once, less what stands around it: envelope, receipts. Bytes. */
export const MOST_EXCHANGE_BYTES = defaultListenerLimits.bodyBytes - 128 * 1_024;

/** Around the text of a log entry: its elements, time and level. */
const AROUND_ENTRY = 160;

const { Poll, Deliver } = uplinkContract.operations;

/** A response as it goes up, in bytes. */
export const sizeOfResponse = (response: uplink.Response): number => {
  const poll = { sessionId: '-', holdSeconds: 0, capacity: 0, responses: { response: [response] } };
  return Buffer.byteLength(Poll.request.write(poll));
};

/** A delivery as it goes up, in bytes. */
export const sizeOfDelivery = (delivery: uplink.Deliver): number =>
  Buffer.byteLength(Deliver.request.write(delivery));

/** How many of these log entries, from the first one on, go up in one message. */
export const countFitting = (entries: readonly Pick<types.LogEntry, 'message'>[]): number => {
  let left = MOST_EXCHANGE_BYTES;
  const first = entries.findIndex(({ message }) => {
    left -= AROUND_ENTRY + Buffer.byteLength(escapeText(message) ?? message);
    return left < 0;
  });
  return first === -1 ? entries.length : first;
};
