import { oneLine } from '../../common/refusal.ts';

/** An answer on the control connection (RFC 959 section 4.2). */
export interface Reply {
  readonly code: number;
  readonly text: string;
  /** Lines between the first and the last one of a multi-line reply. */
  readonly details?: readonly string[];
}

export const reply = (code: number, text: string, details?: readonly string[]): Reply =>
  details === undefined ? { code, text } : { code, text, details };

/** The reply as it goes over the wire. Whatever the text contains, no further line can be smuggled in. */
export const formatReply = ({ code, text, details }: Reply): string => {
  if (details === undefined) return `${code} ${oneLine(text)}\r\n`;
  const inner = details.map((line) => ` ${oneLine(line)}\r\n`).join('');
  return `${code}-${oneLine(text)}\r\n${inner}${code} End\r\n`;
};
