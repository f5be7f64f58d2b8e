import { type uplink, uplinkContract } from '@postern/contracts';

const { response } = uplinkContract.operations.Poll;

/**
 * A request as it goes down, in bytes: what it adds to the answer to a poll, and the little that stands around it.
 *
 * @spec R1
 */
export const sizeOfRequest = (request: uplink.Request): number =>
  Buffer.byteLength(response.write({ nextPollSeconds: 0, requests: { request: [request] } }));
