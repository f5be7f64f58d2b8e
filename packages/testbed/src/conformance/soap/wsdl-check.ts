import { contractFiles } from '@postern/contracts';
import { clientTlsOptions } from '@postern/pki';
import type { Check } from '../check.ts';
import { get } from '../http/get.ts';
import { failed, notOffered } from '../verdicts.ts';
import type { OpenAddress } from './soap-target.ts';

/** Files that a WSDL may lead to, one by the other. */
const MOST_FILES = 32;

type Read = (url: string) => Promise<string>;

/** That a service shows its contract at `?wsdl`, with the imports, and that it is the one of `file`. */
export const wsdlCheck = <T>(file: string, addressOf: (target: T) => OpenAddress): Check<T> => ({
  id: 'wsdl',
  title: 'the service shows its contract at ?wsdl, with all that it imports',
  section: 'docs/implementing-a-client.md',
  level: 'optional',
  run: async (target, signal) => {
    const { url, node, headers = {}, expect } = addressOf(target);
    const tls = clientTlsOptions(node, { expect });
    const read: Read = async (page) => {
      const { status, body } = await get(page, tls, { signal, headers });
      if (status !== 200) throw notOffered(`${new URL(page).search || page} is answered with ${status}`);
      return Buffer.from(body).toString('utf8');
    };
    const found = await factsOf(`${url}?wsdl`, read);
    const wanted = await factsOf(`file:///${file}`, async (page) => {
      return contractFiles[new URL(page).pathname.slice(1)] ?? '';
    });
    const missing = [...wanted].filter((fact) => !found.has(fact));
    if (missing.length === 0) return;
    throw failed(
      `It lacks ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}`,
      `Show the files of wsdl/ as they are, with your own address: ${file} first.`,
    );
  },
});

/** What a toolkit looks for: operations, actions, namespaces and global elements, of a contract and its imports. */
const factsOf = async (start: string, read: Read): Promise<ReadonlySet<string>> => {
  const facts = new Set<string>();
  const pages = new Set([start]);
  for (const page of pages) {
    const text = (await read(page)).replace(/<!--.*?-->/gs, '');
    for (const [fact] of text.matchAll(/\b(?:soapAction|targetNamespace)\s*=\s*(?:"[^"]*"|'[^']*')/g)) {
      facts.add(plain(fact));
    }
    for (const [, what, name] of text.matchAll(
      /<(?:\w+:)?(operation|element)\s+name\s*=\s*(["'][^"']*["'])/g,
    )) {
      facts.add(plain(`${what} ${name}`));
    }
    for (const [, location = ''] of text.matchAll(/\b(?:schemaLocation|location)\s*=\s*["']([^"']*)["']/g)) {
      const next = new URL(location.replaceAll('&amp;', '&'), page);
      // The address of the service itself is no file.
      if (next.search === '' && !/\.(xsd|wsdl)$/.test(next.pathname)) continue;
      if (pages.size < MOST_FILES) pages.add(next.href);
    }
  }
  return facts;
};

const plain = (fact: string): string => fact.replace(/\s*=\s*/, '=').replaceAll("'", '"');
