import { between, type Clock, Days, Hours, type Instant, type NodeRole, silentLogger } from '@postern/core';
import { type EnrolledNode, openNodeIdentity, openRevocationList } from '@postern/pki';
import { type Finding, fail, failure, ok, warn } from './finding.ts';

/** A certificate that ends sooner should have been renewed. */
const SOON = Days(14);
/** A list that ends sooner should have been replaced. */
const LIST_SOON = Hours(24);

export interface IdentityCheck {
  readonly findings: readonly Finding[];
  /** Undefined where it is unusable. */
  readonly node?: EnrolledNode;
}

/**
 * A node's bundle: complete, of one piece, issued by its CA, valid for a while, for this role and name; its key for its
 * owner alone.
 *
 * @param name of the node; any unless given
 */
export const checkIdentity = async (
  directory: string,
  role: NodeRole,
  clock: Clock,
  name?: string,
): Promise<IdentityCheck> => {
  const check = 'identity';
  const issue = `postern pki issue urn:postern:${role}:${name ?? 'NAME'} --ca CA --out ${directory}`;
  let node: EnrolledNode;
  try {
    node = await openNodeIdentity({ directory, clock });
  } catch (error) {
    return { findings: [failure(check, error, `Issue a bundle: ${issue}`)] };
  }
  const { identity, notAfter } = node;
  if (identity.role !== role || (name !== undefined && identity.name !== name)) {
    const says = `${directory} is the bundle of ${identity.role} ${identity.name}, not of ${role} ${name ?? ''}`;
    return {
      findings: [fail(check, says.trimEnd(), `Name the right identityDir, or issue a bundle: ${issue}`)],
    };
  }
  return { findings: [untilFinding(check, `${role} ${identity.name}`, notAfter, clock, issue)], node };
};

/** Something that is valid until then.
 *
 * @param renew the command that makes it anew
 */
export const untilFinding = (
  check: string,
  what: string,
  notAfter: Instant,
  clock: Clock,
  renew: string,
): Finding => {
  const says = `${what}, valid until ${new Date(notAfter).toISOString()}`;
  return between(clock.now(), notAfter) < SOON
    ? warn(check, says, `Renew it and restart: ${renew}`)
    : ok(check, says);
};

/** The revocation list that a node follows: of its CA, and current. */
export const checkRevocationList = async (
  path: string | undefined,
  caPem: string,
  clock: Clock,
): Promise<Finding> => {
  const check = 'revocation list';
  const publish = 'postern pki crl --ca CA --out FILE, and copy FILE to all machines';
  if (path === undefined) {
    const next = `Publish one from the beginning (${publish}), as revocationListFile: without it a lost node stays trusted.`;
    return warn(check, 'none is configured', next);
  }
  try {
    const list = await openRevocationList({ path, caPem, clock, logger: silentLogger });
    list.close();
    const says = `${path}, valid until ${new Date(list.validUntil).toISOString()}`;
    return between(clock.now(), list.validUntil) < LIST_SOON
      ? warn(check, says, `Replace it before it ends: ${publish}.`)
      : ok(check, says);
  } catch (error) {
    return failure(check, error, `Replace it: ${publish}.`);
  }
};
