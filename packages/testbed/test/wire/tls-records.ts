/** RFC 8446 section 5.1: type, legacy version, length. */
const HEADER_BYTES = 5;
/** Section 5.2: 2^14 and 256. */
const LONGEST_RECORD = 16_640;
const TYPES: Readonly<Record<number, string>> = {
  20: 'change-cipher-spec',
  21: 'alert',
  22: 'handshake',
  23: 'application-data',
};

/**
 * The types of the TLS records that a stream consists of; a last record may be cut short by the end of the capture.
 *
 * @throws TypeError at the first byte that is no TLS
 */
export const tlsRecords = (stream: Buffer): readonly string[] => {
  const found: string[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= stream.length) {
    const type = TYPES[stream.readUInt8(at)];
    const length = stream.readUInt16BE(at + 3);
    if (type === undefined || stream.readUInt8(at + 1) !== 3 || length > LONGEST_RECORD) {
      throw new TypeError(`There is no TLS record at byte ${at}`);
    }
    found.push(type);
    at += HEADER_BYTES + length;
  }
  return found;
};
