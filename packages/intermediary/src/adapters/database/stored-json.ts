/** Marks bytes; no element of a contract has such a name. */
const BYTES = '$bytes';

/** Bytes as they are stored: in base64. */
interface StoredBytes {
  readonly [BYTES]: string;
}

/**
 * What a request or a response carries, as the database has it: JSON as it is, but that bytes are kept
 * (`{"$bytes":"…"}`, base64). Nothing is checked: what is stored was read by a codec, and is written by one again.
 */
export const toStored = (value: unknown): string => JSON.stringify(withStoredBytes(value));

/** Reads what {@link toStored} has written. */
export const fromStored = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    isStoredBytes(value) ? new Uint8Array(Buffer.from(value[BYTES], 'base64')) : value,
  );

const withStoredBytes = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { [BYTES]: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
  }
  if (Array.isArray(value)) return value.map(withStoredBytes);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withStoredBytes(inner)]));
};

const isStoredBytes = (value: unknown): value is StoredBytes =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  typeof (value as Partial<StoredBytes>)[BYTES] === 'string';
