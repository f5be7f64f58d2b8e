import { contractFiles, escapeAttribute } from '@postern/contracts';

/** Host names, IPv4 and bracketed IPv6 addresses, with port. What else stands in a Host header is not repeated. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

export const isHost = (host: string | undefined): host is string => host !== undefined && HOST.test(host);

/**
 * A contract file as the service at `address` shows it: imports lead to `?xsd=`, the service's address is the one
 * that was asked.
 *
 * @param query   the query string: `wsdl` or `xsd=<name>`
 * @param address URL of the service without query
 * @returns undefined when the query names no contract file
 */
export const contractPage = (file: string, query: string, address: string): string | undefined => {
  const [kind, name] = query.split('=');
  const asked =
    kind?.toLowerCase() === 'wsdl' ? file : kind === 'xsd' && name?.endsWith('.xsd') ? name : undefined;
  const text = asked !== undefined && Object.hasOwn(contractFiles, asked) ? contractFiles[asked] : undefined;
  const url = escapeAttribute(address);
  return text
    ?.replace(/schemaLocation="([^"]+)"/g, (_, schema: string) => `schemaLocation="${url}?xsd=${schema}"`)
    .replace(/(<soap(?:12)?:address location=)"[^"]*"/g, (_, start: string) => `${start}"${url}"`);
};
