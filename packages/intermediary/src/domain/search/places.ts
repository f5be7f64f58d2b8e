import { isIP } from 'node:net';
import type { DeviceEndpoint } from '../devices.ts';
import { readAddress } from './address.ts';
import { type AddressRange, addressesToAsk, isWithin, readAddressRange } from './address-range.ts';
import type { Lead } from './ports.ts';
import type { SearchQuery } from './search.ts';
import type { SearchConfig } from './search-schema.ts';

/**
 * The places that a query names, in the order in which they are asked: port by port, so that no device is asked twice in
 * a row. Undefined where it is listened for them.
 *
 * @throws PosternError `range-invalid`, `range-too-large`, `range-not-allowed`
 */
export const placesToAsk = (
  { method, addressRange = '' }: Pick<SearchQuery, 'method' | 'addressRange'>,
  config: Pick<SearchConfig, 'allowedRanges' | 'ports'>,
): readonly DeviceEndpoint[] | undefined => {
  if (method === 'dns-sd') return undefined;
  const addresses = addressesToAsk(addressRange, allowedIn(config));
  return config.ports.flatMap((port) => addresses.map((host) => ({ host, port })));
};

/** Whether an announcement leads to where this site may search. */
export const mayAsk = ({ host }: Lead, config: Pick<SearchConfig, 'allowedRanges'>): boolean => {
  const address = isIP(host) === 0 ? undefined : readAddress(host);
  return address !== undefined && isWithin(allowedIn(config), address);
};

const allowedIn = ({ allowedRanges }: Pick<SearchConfig, 'allowedRanges'>): readonly AddressRange[] =>
  allowedRanges.flatMap((text) => readAddressRange(text) ?? []);
