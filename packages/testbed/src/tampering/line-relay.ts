import { Transform } from 'node:stream';
import { testbedError } from '../errors.ts';

/** Longest control line, in bytes. */
const LINE_BYTES = 4_096;

/** Bytes pass through line by line; `onLine` sees each line without its end and says what goes on in its place. */
export const lineRelay = (onLine: (line: string) => string | Promise<string>): Transform => {
  let rest = '';
  const relay = async (push: (text: string) => void): Promise<void> => {
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      push(`${await onLine(line)}\r\n`);
    }
    if (rest.length > LINE_BYTES) {
      throw testbedError('control-line-too-long', `A control line is longer than ${LINE_BYTES} bytes`);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // latin1 keeps every byte as it is.
      rest += chunk.toString('latin1');
      relay((text) => this.push(text, 'latin1')).then(() => done(), done);
    },
  });
};
