import { type ElementCodec, tokenise } from '@postern/contracts';
import { EnvelopeReader } from './envelope-reader.ts';
import { writeEnvelope } from './envelope-writer.ts';

/** A SOAP 1.2 message on its own, as it would stand in an HTTP body. */
export const writeSoapDocument = <T>(codec: ElementCodec<T>, value: T): string =>
  writeEnvelope('1.2', codec.write(value));

/**
 * Reads a SOAP 1.2 message whose body is the codec's element: as strictly as one that comes over HTTP.
 *
 * @throws PosternError of the codec, `envelope-invalid`, `version-mismatch`, `header-not-understood`
 */
export const readSoapDocument = <T>(codec: ElementCodec<T>, document: Uint8Array): T => {
  const reader = codec.reader();
  // An element of another name is refused by the reader itself.
  tokenise(document, new EnvelopeReader('1.2', () => reader));
  return reader.value;
};
