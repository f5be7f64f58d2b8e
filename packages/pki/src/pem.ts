/** DER as PEM text with lines of 64 characters (RFC 7468 §2). */
export const toPem = (label: string, der: ArrayBuffer): string => {
  const base64 = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
};
