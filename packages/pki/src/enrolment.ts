import { between, type Clock, Days, type Duration, errorCode, type NodeIdentity, toUri } from '@postern/core';
import type { Authority } from './authority/authority.ts';
import type { CertificatePurpose } from './authority/purpose.ts';
import { type BundlePaths, bundlePaths, type EnrolledNode, openBundle } from './enrolled-node.ts';
import { pkiError } from './errors.ts';
import { makePrivateDirectory, replacePrivateFiles } from './private-files.ts';
import { type HostNames, namesHosts } from './subject-names.ts';

export interface EnrolmentOptions extends HostNames {
  /** Where the bundle is or shall be. */
  readonly directory: string;
  /** Who the node has to be. */
  readonly identity: NodeIdentity;
  readonly clock: Clock;
  /** Issues and renews the certificate; without it the bundle must have been handed over. */
  readonly authority?: Authority;
  /** Of a certificate that is issued; 90 days unless given. */
  readonly lifetime?: Duration;
}

const DEFAULT_LIFETIME: Duration = Days(90);

/** What a new certificate mends. Not among them: a key that others could read, or a bundle of another node. */
const MENDABLE: readonly string[] = ['identity-missing', 'identity-damaged', 'certificate-expired'];

/**
 * Opens the node's identity, and where the authority is at hand makes or mends it first: a missing or damaged bundle,
 * one of an earlier CA, one in the last third of its lifetime, one that lacks a host name.
 *
 * @throws PosternError `identity-unexpected` when the bundle is another node's, and those of {@link openNodeIdentity}
 */
export const ensureNodeIdentity = (options: EnrolmentOptions): Promise<EnrolledNode> =>
  ensureBundle(options, bundlePaths(options.directory), 'tls');

/** {@link ensureNodeIdentity} for the files of one purpose. */
export const ensureBundle = async (
  options: EnrolmentOptions,
  paths: BundlePaths,
  purpose: CertificatePurpose,
): Promise<EnrolledNode> => {
  const { authority } = options;
  if (authority === undefined) return openExpected(options, paths);
  try {
    const node = await openExpected(options, paths);
    const isOurs = node.caPem === authority.certificatePem && namesHosts(node.certificatePem, options);
    if (isOurs && !isDue(node, options)) return node;
  } catch (error) {
    if (!MENDABLE.includes(errorCode(error, ''))) throw error;
  }
  await issueInto(options, authority, paths, purpose);
  return openExpected(options, paths);
};

const openExpected = async (options: EnrolmentOptions, paths: BundlePaths): Promise<EnrolledNode> => {
  const node = await openBundle(paths, options.clock);
  const [found, expected] = [toUri(node.identity), toUri(options.identity)];
  if (found === expected) return node;
  throw pkiError(
    'identity-unexpected',
    `${options.directory} holds the identity of ${found}, not of ${expected}`,
    {
      hint: 'Give each node a directory of its own.',
    },
  );
};

const isDue = (node: EnrolledNode, { clock, lifetime = DEFAULT_LIFETIME }: EnrolmentOptions): boolean =>
  between(clock.now(), node.notAfter) < lifetime / 3;

/** The key first: a crash in between leaves parts that do not fit, which the next start mends. */
const issueInto = async (
  options: EnrolmentOptions,
  authority: Authority,
  paths: BundlePaths,
  purpose: CertificatePurpose,
): Promise<void> => {
  const issued = await authority.issue({
    ...options,
    purpose,
    lifetime: options.lifetime ?? DEFAULT_LIFETIME,
  });
  await makePrivateDirectory(options.directory);
  await replacePrivateFiles(options.directory, [
    { path: paths.key, text: issued.privateKeyPem },
    { path: paths.certificate, text: issued.certificatePem },
    { path: paths.ca, text: authority.certificatePem },
  ]);
};
