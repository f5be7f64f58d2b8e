import { escapeText, type types, type uplink, uplinkContract } from '@postern/contracts';
import { defaultListenerLimits } from '@postern/soap-rpc';

/** What the node above takes at once, less what stands around it: envelope, receipts. Bytes. */
export const MOST_EXCHANGE_BYTES = defaultListenerLimits.bodyBytes - 128 * 1_024;

/** Of the answers, of the delay notices, and of the list of devices in one exchange: beside one another they all fit. */
export const MOST_PART_BYTES = 1_024 * 1_024;

/** Around the text of a log entry: its elements, time and level. */
const AROUND_ENTRY = 160;

const { Poll, Deliver } = uplinkContract.operations;

const sizeInPoll = (cargo: Partial<uplink.Poll>): number =>
  Buffer.byteLength(Poll.request.write({ sessionId: '-', holdSeconds: 0, capacity: 0, ...cargo }));

/** A response as it goes up, in bytes. */
export const sizeOfResponse = (response: uplink.Response): number =>
  sizeInPoll({ responses: { response: [response] } });

/** A delay notice as it goes up, in bytes. */
export const sizeOfNotice = (notice: uplink.DelayNotice): number =>
  sizeInPoll({ delayNotices: { delayNotice: [notice] } });

/** What is told of a device, in bytes. */
export const sizeOfDevice = (change: uplink.DeviceChange): number =>
  sizeInPoll({ devices: { revision: 0, complete: true, device: [change] } });

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
