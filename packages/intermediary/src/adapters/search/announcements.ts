import { isIP } from 'node:net';
import { DEVICE_SERVICE } from '@postern/contracts';
import type { QueryOutgoingPacket, ResponsePacket } from 'multicast-dns';
import type { Heard, Lead } from '../../domain/search/ports.ts';

/** A record of a response. */
export type Answer = NonNullable<ResponsePacket['answers']>[number];

/** What is asked for. */
export type Question = QueryOutgoingPacket['questions'][number];

const INSTANCE = new RegExp(`^([a-z0-9][a-z0-9._-]{0,63})\\.${DEVICE_SERVICE.replaceAll('.', '\\.')}$`);

/** Addresses of one host; a device has a few. */
const ADDRESSES_EACH = 4;

/** Questions of one query. */
const MOST_QUESTIONS = 32;

/**
 * What was heard of devices (RFC 6763 §4). Anybody on the network may say anything: of everything only so much is kept, and
 * only what is needed to know where to ask.
 */
export class Announcements {
  readonly #most: number;
  readonly #instances = new Set<string>();
  /** By instance. */
  readonly #services = new Map<string, { readonly host: string; readonly port: number }>();
  /** By host name. */
  readonly #addresses = new Map<string, Set<string>>();
  /** Names of instances that are no device's. */
  #ignored = 0;

  /** @param most instances that are kept; further ones are ignored */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes the records of a response, wherever in it they are. */
  hear(records: readonly Answer[]): void {
    for (const record of records) {
      if (record.type === 'PTR') this.#pointer(record.name, record.data, record.ttl);
    }
    for (const record of records) {
      if (record.type === 'SRV') this.#service(record.name, record.data);
    }
    const hosts = new Set([...this.#services.values()].map(({ host }) => host));
    for (const record of records) {
      if (record.type !== 'A' && record.type !== 'AAAA') continue;
      const host = lower(record.name);
      if (hosts.has(host)) this.#address(host, record.data);
    }
  }

  /** What has to be asked for, so that what was heard leads somewhere. */
  missing(): readonly Question[] {
    const services = [...this.#instances]
      .filter((instance) => !this.#services.has(instance))
      .map((name): Question => ({ name, type: 'SRV' }));
    const hosts = [...this.#services.values()]
      .filter(({ host }) => !this.#addresses.has(host))
      .flatMap(({ host: name }): Question[] => [
        { name, type: 'A' },
        { name, type: 'AAAA' },
      ]);
    return [...services, ...hosts].slice(0, MOST_QUESTIONS);
  }

  /** Where it leads. */
  heard(): Heard {
    const leads: Lead[] = [];
    let lost = this.#ignored;
    for (const instance of this.#instances) {
      const service = this.#services.get(instance);
      const addresses = service === undefined ? undefined : this.#addresses.get(service.host);
      if (service === undefined || addresses === undefined) lost += 1;
      else for (const host of addresses) leads.push({ host, port: service.port });
    }
    return { leads, ignored: lost };
  }

  #pointer(name: string, data: unknown, ttl: number | undefined): void {
    if (lower(name) !== DEVICE_SERVICE) return;
    const instance = lower(data);
    // Goodbye (RFC 6762 §10.1).
    if (ttl === 0) {
      this.#instances.delete(instance);
      return;
    }
    if (!INSTANCE.test(instance) || (this.#instances.size >= this.#most && !this.#instances.has(instance))) {
      this.#ignored += 1;
      return;
    }
    this.#instances.add(instance);
  }

  #service(name: string, data: { readonly port?: unknown; readonly target?: unknown }): void {
    const instance = lower(name);
    const host = lower(data.target);
    const { port } = data;
    if (!this.#instances.has(instance) || host === '') return;
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return;
    this.#services.set(instance, { host, port });
  }

  #address(host: string, data: unknown): void {
    if (typeof data !== 'string' || isIP(data) === 0) return;
    const known = this.#addresses.get(host) ?? new Set();
    if (known.size < ADDRESSES_EACH) known.add(data);
    this.#addresses.set(host, known);
  }
}

/** Names are compared without regard to case (RFC 6762 §16). */
const lower = (name: unknown): string => (typeof name === 'string' ? name.toLowerCase() : '');
