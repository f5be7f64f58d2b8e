import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type Clock, errorCode, errorMessage, Seconds, withDeadline } from '@postern/core';
import { clientTlsOptions, type EnrolledNode, type ExpectedPeer } from '@postern/pki';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Somebody whom a node calls. */
export interface NodeAbove {
  /** Its name in the configuration: `uplink`. */
  readonly name: string;
  readonly url: string;
  readonly expect: ExpectedPeer;
}

const LIMIT = Seconds(10);

/** A contract is shorter, in bytes; more is not read. */
const LONGEST = 1_048_576;

/** From then on times of logs and deadlines mislead; from the other on certificates and mails are refused. */
const SKEW_WARN = 30_000;
const SKEW_FAIL = 300_000;

/**
 * Asks a node above for its contract, with the identity of this one: what that takes is the way there, TLS with both
 * names, and a SOAP service behind it; and its answer tells what time it is there.
 */
export const checkAbove = async (
  { name, url, expect }: NodeAbove,
  node: EnrolledNode,
  clock: Clock,
): Promise<readonly Finding[]> => {
  const check = `reach ${name}`;
  let answer: { readonly status: number; readonly date: string | undefined; readonly text: string };
  try {
    answer = await withDeadline(clock, LIMIT, `The answer of ${url}`, undefined, (signal) =>
      ask(`${url}?wsdl`, node, expect, signal),
    );
  } catch (error) {
    return [
      fail(check, `${url}: ${errorMessage(error)} (${errorCode(error, 'unknown')})`, nextOf(error, name)),
    ];
  }
  const { status, date, text } = answer;
  const contract =
    status === 200 && text.includes('definitions')
      ? ok(check, `${url} answers over TLS, and speaks the contract`)
      : fail(
          check,
          `${url} answers with ${status}, and does not show the contract`,
          `Check the port and the path of ${name}: an uplink ends with /uplink, an intermediary's secure path with /intermediary.`,
        );
  return [contract, ...(date === undefined ? [] : [checkClock(Date.parse(date), clock)])];
};

/** @param there milliseconds, as the other machine's clock says */
export const checkClock = (there: number, clock: Clock): Finding => {
  // A Date header has no fractions: it is half a second late on average.
  const skew = Math.abs(there + 500 - clock.now());
  const says = `differs by ${(skew / 1_000).toFixed(0)} s from the clock above`;
  const next = 'Keep the time of both machines with NTP (timedatectl set-ntp true).';
  if (skew >= SKEW_FAIL) return fail('clock', says, next);
  return skew >= SKEW_WARN ? warn('clock', says, next) : ok('clock', says);
};

const nextOf = (error: unknown, name: string): string => {
  switch (errorCode(error, '')) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `Check the host in ${name}, and the name service of this machine.`;
    case 'ECONNREFUSED':
      return `Check the port in ${name}, and that somebody listens there: the server runs, its \`uplink.host\` is not 127.0.0.1 only.`;
    case 'deadline-exceeded':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'Let the firewall pass connections from this machine outwards to that address and port; nothing else is needed.';
    case 'identity-unexpected':
      return `The node there has another name: correct ${name}, or its bundle.`;
    case 'ECONNRESET':
    case 'EPROTO':
      return 'Look into the log there: it refuses this certificate, or does not speak TLS on that port.';
    default:
      return 'Both sides need bundles of one CA, valid now by both clocks, and not revoked.';
  }
};

const ask = (url: string, node: EnrolledNode, expect: ExpectedPeer, signal: AbortSignal) =>
  new Promise<{ readonly status: number; readonly date: string | undefined; readonly text: string }>(
    (resolve, reject) => {
      const read = (response: IncomingMessage): void => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on('data', (part: Buffer) => {
          length += part.length;
          if (length <= LONGEST) parts.push(part);
          else response.destroy();
        });
        response.once('error', reject);
        response.once('close', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, date: headers.date, text: Buffer.concat(parts).toString('utf8') });
        });
      };
      request(url, { ...clientTlsOptions(node, { expect }), agent: false, signal }, read)
        .once('error', reject)
        .end();
    },
  );
