import { isIP, isIPv6 } from 'node:net';
import { DEVICE_SERVICE, DEVICE_TXT, LONGEST_LABEL } from '@postern/contracts';
import type { QueryPacket, ResponseOutgoingPacket } from 'multicast-dns';

/** A device as it announces itself. */
export interface AnnouncedDevice {
  readonly id: string;
  readonly model: string;
  readonly profile: string;
  /** The name of the intermediary that it belongs to. */
  readonly intermediary: string;
  /** Where its secure path is. */
  readonly host: string;
  readonly port: number;
}

/** A record of a response. */
export type Answer = ResponseOutgoingPacket['answers'][number];

/** What is asked for. */
type Question = NonNullable<QueryPacket['questions']>[number];

/** How long others may believe it, in seconds (RFC 6762 §10). */
const TTL = 120;

/** Asked by who looks for kinds of services (RFC 6763 §9). */
const KINDS = '_services._dns-sd._udp.local';

/** A device can be announced at an address only: names are nobody's to resolve here. */
export const isAnnounceable = ({ host }: Pick<AnnouncedDevice, 'host'>): boolean => isIP(host) !== 0;

/**
 * Everything that is to be said of a device (RFC 6763 §4 to §6).
 *
 * @param ttl 0 says that it is gone (RFC 6762 §10.1)
 */
export const recordsOf = (device: AnnouncedDevice, ttl = TTL): readonly Answer[] => {
  const label = device.id.slice(0, LONGEST_LABEL);
  const [name, target] = [`${label}.${DEVICE_SERVICE}`, `${label}.local`];
  const { model, profile, intermediary, host, port } = device;
  const text = { [DEVICE_TXT.version]: '1', model, profile, intermediary } satisfies Record<string, string>;
  return [
    { name: DEVICE_SERVICE, type: 'PTR', ttl, data: name },
    { name, type: 'SRV', ttl, data: { port, target } },
    { name, type: 'TXT', ttl, data: Object.entries(text).map(([key, value]) => `${key}=${value}`) },
    { name: target, type: isIPv6(host) ? 'AAAA' : 'A', ttl, data: host },
  ];
};

/**
 * What a device answers to a query: all that is said of it when everybody is asked, else the records that are asked for.
 */
export const answersOf = (device: AnnouncedDevice, questions: readonly Question[]): readonly Answer[] => {
  const records = recordsOf(device);
  if (questions.some((question) => isFor(question, DEVICE_SERVICE, 'PTR'))) return records;
  return records.filter(({ name, type }) => questions.some((question) => isFor(question, name, type)));
};

/** The kind of service, to who asks for kinds. */
export const kindAnswer = (questions: readonly Question[]): readonly Answer[] =>
  questions.some((question) => isFor(question, KINDS, 'PTR'))
    ? [{ name: KINDS, type: 'PTR', ttl: TTL, data: DEVICE_SERVICE }]
    : [];

/** ANY (RFC 6762 §6) is a type of questions only, and missing in the list of types. */
const isFor = (
  { name: asked, type: kind }: { name: string; type: string },
  name: string,
  type: string,
): boolean => asked.toLowerCase() === name.toLowerCase() && (kind === type || kind === 'ANY');
