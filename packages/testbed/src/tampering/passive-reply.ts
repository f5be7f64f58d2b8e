import type { Endpoint } from '../tcp/listener.ts';

/** RFC 959 section 4.1.2: four numbers of the address and two of the port. */
const PASV_REPLY = /^227 .*?(\d+,\d+,\d+,\d+),(\d+),(\d+)/;
/** RFC 2428 section 3. */
const EPSV_REPLY = /^229 .*\(\|\|\|(\d+)\|\)/;

/** The data port that a reply to PASV or EPSV tells; `undefined` for every other reply. */
export const passivePort = (reply: string): number | undefined => {
  const [, , high, low] = PASV_REPLY.exec(reply) ?? [];
  if (high !== undefined && low !== undefined) return Number(high) * 256 + Number(low);
  const [, port] = EPSV_REPLY.exec(reply) ?? [];
  return port === undefined ? undefined : Number(port);
};

/** The same reply with another port (and, for PASV, another IPv4 address). */
export const withPassivePort = (reply: string, { host, port }: Endpoint): string => {
  if (reply.startsWith('229')) return reply.replace(/\(\|\|\|\d+\|\)/, `(|||${port}|)`);
  const numbers = [...host.split('.'), port >> 8, port & 0xff].join(',');
  return reply.replace(/\d+,\d+,\d+,\d+,\d+,\d+/, numbers);
};
