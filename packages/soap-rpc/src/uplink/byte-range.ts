/** Which bytes of an image an HTTP request asks for; both ends inclusive. */
export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeAnswer = { kind: 'whole' };
const SINGLE = /^bytes=(?:(\d{1,16})-(\d{1,16})?|-(\d{1,16}))$/;

/**
 * Reads a Range header. One range is served; anything else that is no valid single byte range, several ranges
 * included, is ignored as RFC 9110 §14.2 allows, and the whole image is sent.
 *
 * @param ifRange the If-Range header: another entity tag than `etag` means the whole image (RFC 9110 §13.1.5)
 * @param length of the image, bytes
 */
export const readRange = (
  header: string | undefined,
  ifRange: string | undefined,
  image: { readonly etag: string; readonly length: number },
): RangeAnswer => {
  if (header === undefined || (ifRange !== undefined && ifRange !== image.etag)) return WHOLE;
  const match = SINGLE.exec(header.trim());
  if (match === null) return WHOLE;
  const [, first, last, suffix] = match;
  if (suffix !== undefined) return suffixRange(Number(suffix), image.length);
  const start = Number(first);
  if (last !== undefined && Number(last) < start) return WHOLE;
  if (start >= image.length) return { kind: 'unsatisfiable' };
  const end = last === undefined ? image.length - 1 : Math.min(Number(last), image.length - 1);
  return { kind: 'part', start, end };
};

const suffixRange = (count: number, length: number): RangeAnswer =>
  count === 0 || length === 0
    ? { kind: 'unsatisfiable' }
    : { kind: 'part', start: Math.max(0, length - count), end: length - 1 };
