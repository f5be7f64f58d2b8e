/** An address as it compares: IPv4 that arrived on a dual-stack socket loses its IPv6 prefix. */
export const plainAddress = (address: string | undefined): string =>
  (address ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

export const isIpv6 = (address: string): boolean => address.includes(':');

/** The numbers of a PASV reply (RFC 959 section 4.1.2): address and port, byte by byte. */
export const passiveNumbers = (address: string, port: number): string =>
  [...address.split('.'), port >> 8, port & 0xff].join(',');
