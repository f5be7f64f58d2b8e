import { createHash } from 'node:crypto';
import type { OperatorClient, RequestsOrder, RequestView } from '@postern/management-server/client';
import { cliError } from '../errors.ts';
import { followOrder, requestsOf } from './follow-order.ts';

/** Most bytes of one part (t:FileContent). */
const PART = 48 * 1024;

/** What became of one request, as far as a transfer looks at it. */
interface Carried {
  readonly state: string;
  readonly answer: unknown;
}

export interface TransferContext<Request extends Carried> {
  /** Asks for one part and waits for all answers. */
  readonly ask: (kind: 'ReadFile' | 'WriteFile', given: object) => Promise<readonly Request[]>;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/** Asks devices by way of the server, an order for each part. */
export const askingServer =
  (
    client: OperatorClient,
    to: Pick<RequestsOrder, 'targets' | 'selector' | 'deadlineSeconds' | 'via'>,
    signal: AbortSignal,
  ): TransferContext<RequestView>['ask'] =>
  async (kind, given) => {
    const ordered = await client.orderRequests({ ...to, kind, arguments: given });
    await followOrder(client, ordered, signal, () => {});
    return requestsOf(client, ordered.id);
  };

/**
 * Writes a file to devices part by part. Ends with the first part that one of them did not take.
 *
 * @returns the requests of the last part that was ordered
 */
export const writeWholeFile = async <Request extends Carried>(
  context: TransferContext<Request>,
  name: string,
  content: Uint8Array,
): Promise<readonly Request[]> => {
  const sha256 = createHash('sha256').update(content).digest('hex');
  for (let offset = 0; ; offset += PART) {
    const part = content.subarray(offset, offset + PART);
    const given = {
      name,
      length: content.length,
      sha256,
      offset,
      content: Buffer.from(part).toString('base64'),
    };
    const requests = await context.ask('WriteFile', given);
    const end = offset + part.length;
    context.onProgress(end, content.length);
    if (end >= content.length || requests.some(({ state }) => state !== 'answered')) return requests;
  }
};

/**
 * Reads a file of one device part by part and checks it.
 *
 * @returns its bytes; absent where the device would not, as the request says
 * @throws PosternError `file-changed` when the file changed meanwhile or came damaged
 */
export const readWholeFile = async <Request extends Carried>(
  context: TransferContext<Request>,
  name: string,
): Promise<{ readonly request: Request; readonly content?: Buffer }> => {
  const parts: Buffer[] = [];
  let length = 0;
  let digest: string | undefined;
  for (;;) {
    const [request] = await context.ask('ReadFile', { name, offset: length });
    if (request === undefined) throw cliError('argument-invalid', 'A file is read from one device');
    if (request.state !== 'answered') return { request };
    const { file, content } = request.answer as ReadAnswer;
    const part = Buffer.from(content, 'base64');
    parts.push(part);
    length += part.length;
    digest ??= file.sha256;
    context.onProgress(length, file.length);
    if (file.sha256 !== digest || (part.length === 0 && length < file.length)) throw changed(name);
    if (length < file.length) continue;
    const whole = Buffer.concat(parts);
    if (createHash('sha256').update(whole).digest('hex') !== digest) throw changed(name);
    return { request, content: whole };
  }
};

interface ReadAnswer {
  readonly file: { readonly length: number; readonly sha256: string };
  readonly content: string;
}

const changed = (name: string) => cliError('file-changed', `${name} is another file than when reading began`);
