import type { ConnectionOptions } from 'node:tls';
import { errorCode, errorMessage } from '@postern/core';
import {
  clientTlsOptions,
  type EnrolledNode,
  type GuardedListener,
  guardedListener,
  type RevocationList,
} from '@postern/pki';
import type { TlsMode } from '@postern/software-update';
import { deviceError } from '../errors.ts';

/** Of the device's own listener: callers prove a name, unless only the device proves one. */
export const listenerTls = (
  node: EnrolledNode,
  revocations: RevocationList | undefined,
  secureLink: TlsMode,
): GuardedListener => {
  const clientAuthentication = secureLink === 'device-authenticated' ? 'none' : 'required';
  return guardedListener(node, { clientAuthentication }, revocations);
};

/**
 * Of the device's calls: it presents its certificate unless only the intermediary proves itself, and checks the
 * intermediary's unless only the device does.
 *
 * @param name of the intermediary
 * @spec A1 A2 A3
 */
export const callerTls = (
  node: EnrolledNode,
  revocations: RevocationList | undefined,
  secureLink: TlsMode,
  name: string,
): ConnectionOptions =>
  clientTlsOptions(secureLink === 'intermediary-authenticated' ? { caPem: node.caPem } : node, {
    ...(revocations === undefined ? {} : { crlPem: revocations.crlPem }),
    expect: secureLink === 'device-authenticated' ? 'unauthenticated' : { role: 'intermediary', name },
  });

/** What the two ends of a link see when they do not agree on who proves what. */
const DISAGREEMENT: readonly string[] = ['tls-refused', 'connection-lost', 'not-authorised'];

/** Puts the way out into an error that may come from ends that disagree on the TLS mode; others stay as they are. */
export const explainLink = (error: unknown, secureLink: TlsMode): unknown => {
  if (!DISAGREEMENT.includes(errorCode(error, ''))) return error;
  const message = `The intermediary and this device (secureLink: ${secureLink}) did not come together: ${errorMessage(error)}`;
  return deviceError('link-refused', message, error);
};
