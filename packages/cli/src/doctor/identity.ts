import { between, type Clock, Days, Hours, type NodeRole, silentLogger } from '@postern/core';
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
  const end = new Date(notAfter).toISOString();
  if (identity.role !== role || (name !== undefined && identity.name !== name)) {
    const says = `${directory} is the bundle of ${identity.role} ${identity.name}, not of ${role} ${name ?? ''}`;
    return {
      findings: [fail(check, says.trimEnd(), `Name the right identityDir, or issue a bundle: ${issue}`)],
    };
  }
  const who = `${role} ${identity.name}, valid until ${end}`;
  const finding =
    between(clock.now(), notAfter) < SOON
      ? warn(check, who, `Renew it and restart: ${issue}`)
      : ok(check, who);
  return { findings: [finding], node };
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
