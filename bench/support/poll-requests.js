import { uplinkContract } from '@postern/contracts';
import { systemClock } from '@postern/core';
import { createSoapClientOver } from '@postern/soap-rpc';

/**
 * A poll as the bytes of an HTTP request, written by the project's own SOAP client.
 *
 * @param {import('@postern/contracts').uplink.Poll} poll
 * @returns {Promise<Buffer>}
 */
export const pollRequest = async (poll) => {
  /** @type {Buffer | undefined} */
  let bytes;
  const client = createSoapClientOver(uplinkContract, {
    clock: systemClock,
    transport: {
      send: async ({ headers, body }) => {
        bytes = httpRequest(headers, Buffer.from(body));
        throw new Error('captured');
      },
      close: async () => {},
    },
  });
  await client.call('Poll', poll).catch((/** @type {unknown} */ error) => {
    if (bytes === undefined) throw error;
  });
  if (bytes === undefined) throw new Error('The client sent nothing');
  return bytes;
};

/** @param {Readonly<Record<string, string>>} headers @param {Buffer} body */
const httpRequest = (headers, body) => {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': String(body.length) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST /uplink HTTP/1.1\r\n${head}\r\n`), body]);
};
