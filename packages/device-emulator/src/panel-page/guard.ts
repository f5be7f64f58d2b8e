import type { IncomingMessage } from 'node:http';
import { deviceError } from '../errors.ts';

/** The header without which nothing is pressed: a form of another page cannot set it. */
export const KEY_HEADER = 'x-postern-panel';

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The names under which the page may be asked for. A name that somebody lets point at this machine (DNS rebinding) is
 * none of them.
 *
 * @param host that the page listens on
 * @param others that the configuration allows
 */
export const allowedNames = (host: string, others: readonly string[]): readonly string[] =>
  [...LOOPBACK_NAMES, host.includes(':') ? `[${host}]` : host, ...others].map((name) => name.toLowerCase());

/** @throws PosternError `panel-host-refused` */
export const requireOwnHost = ({ headers }: IncomingMessage, names: readonly string[]): void => {
  const name = (headers.host ?? '').replace(/:\d{1,5}$/, '').toLowerCase();
  if (!names.includes(name)) {
    throw deviceError('panel-host-refused', 'The page is not served under this host name');
  }
};

/**
 * Lets keys be pressed by the page itself only, never by another page in the same browser.
 *
 * @throws PosternError `panel-press-refused`
 */
export const requireOwnPage = ({ headers }: IncomingMessage): void => {
  const { origin, host, [KEY_HEADER]: key, 'sec-fetch-site': site } = headers;
  const json = headers['content-type'] === 'application/json';
  const ownOrigin = origin === undefined || origin === `http://${host}`;
  const ownSite = site === undefined || site === 'same-origin';
  if (key !== '1' || !json || !ownOrigin || !ownSite) {
    throw deviceError('panel-press-refused', 'Keys are pressed by the page of the panel only');
  }
};
