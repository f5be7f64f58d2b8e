import { createHash } from 'node:crypto';
import type { OperatorClient, RequestsOrder, RequestView } from '@postern/management-server/client';
import { cliError } from '../errors.ts';
import { followOrder, requestsOf } from './follow-order.ts';

/** Most bytes of one part (t:FileContent). */
const PART = 48 * 1024;

type Addressed = Pick<RequestsOrder, 'targets' | 'selector' | 'deadlineSeconds' | 'via'>;

export interface TransferContext {
  readonly client: OperatorClient;
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Writes a file to devices part by part, an order for each. Ends with the first part that one of them did not take.
 *
 * @returns the requests of the last part that was ordered
 */
export const writeWholeFile = async (
  context: TransferContext,
  to: Addressed,
  name: string,
  content: Uint8Array,
): Promise<readonly RequestView[]> => {
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
    const requests = await carryOut(context, { ...to, kind: 'WriteFile', arguments: given });
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
export const readWholeFile = async (
  context: TransferContext,
  from: Addressed,
  name: string,
): Promise<{ readonly request: RequestView; readonly content?: Buffer }> => {
  const parts: Buffer[] = [];
  let length = 0;
  let digest: string | undefined;
  for (;;) {
    const [request] = await carryOut(context, {
      ...from,
      kind: 'ReadFile',
      arguments: { name, offset: length },
    });
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

const carryOut = async ({ client, signal }: TransferContext, order: RequestsOrder) => {
  const ordered = await client.orderRequests(order);
  await followOrder(client, ordered, signal, () => {});
  return requestsOf(client, ordered.id);
};
