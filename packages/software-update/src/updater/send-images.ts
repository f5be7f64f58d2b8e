import { errorCode, errorMessage, PosternError } from '@postern/core';
import { makeNonce } from '../credential/one-time-password.ts';
import { isUpdateErrorCode } from '../errors.ts';
import type { BulkSession } from '../ports/bulk-path.ts';
import { imageName } from '../version-report/bulk-names.ts';
import type { EffectContext, Happening } from './effect.ts';

/**
 * Sends every wanted component, each from where the target left off (S111, S112). After an interruption the
 * version report is read first: the target may have had the last byte and be installing or done already. As long as the
 * target is known to lack something, the update can be called off; from the last byte of an image on that is uncertain.
 *
 * @spec U4 X5
 */
export const sendImages = async (context: EffectContext): Promise<Happening> => {
  const { state, job, ports, session, signal, reentered, cancellation } = context;
  const resumed = reentered || state.tries > 0 || state.transfers > 1;
  if (resumed) {
    const report = await session.readReport(state, job, makeNonce(ports.entropy), signal);
    if (job.manifest.components.every(({ name, version }) => report.versions[name] === version)) {
      return { type: 'already-installed' };
    }
    if (report.activity === 'waiting-for-jobs' || report.activity === 'installing') {
      return { type: 'transferred', detail: `the device has all and is ${report.activity}` };
    }
  }
  ports.mailbox.forgetStarts();
  const bulk = await session.open(state, signal);
  const totalBytes = state.wanted.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  let sent = 0;
  for (const component of state.wanted) {
    const name = imageName(component.name);
    const offset = await offsetFor(bulk, name, component.length, signal);
    if (offset < component.length) {
      cancellation.release();
      const rest = component.length - offset;
      const source = ports.images.open(component.sha256, offset);
      const content = untilLast(source, rest, () => cancellation.hold());
      const onProgress = (bytes: number): void =>
        ports.onProgress({ doneBytes: before + offset + bytes, totalBytes });
      await namingRefusals(bulk.store(name, content, { offset, onProgress }, signal));
      sent += rest;
    }
    before += component.length;
    ports.onProgress({ doneBytes: before, totalBytes });
  }
  return { type: 'transferred', detail: `${sent} bytes of ${totalBytes}` };
};

/** Passes an image on and tells right before the last of its bytes. */
async function* untilLast(
  content: AsyncIterable<Uint8Array>,
  length: number,
  onLast: () => void,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of content) {
    passed += chunk.length;
    if (passed >= length) onLast();
    yield chunk;
  }
}

/** Where to go on; a target that holds more than there is begins anew. */
const offsetFor = async (
  bulk: BulkSession,
  name: string,
  length: number,
  signal: AbortSignal,
): Promise<number> => {
  const held = await bulk.size(name, signal);
  return held <= length ? held : 0;
};

/** A target's refusal names its code in the reply (`550 digest-mismatch: …`): that code is the failure's. */
const namingRefusals = async (transfer: Promise<void>): Promise<void> => {
  try {
    await transfer;
  } catch (error) {
    if (errorCode(error, '') !== 'bulk-file-refused') throw error;
    const message = errorMessage(error);
    const code = /\b5\d\d[ -]([a-z]+(?:-[a-z]+)*):/.exec(message)?.[1];
    if (code === undefined || !isUpdateErrorCode(code)) throw error;
    throw new PosternError(code, message, { cause: error });
  }
};
