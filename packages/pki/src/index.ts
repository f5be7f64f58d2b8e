/** Development CA, node identities (URI SAN) and mutual TLS. May import core only. */
export type {
  Authority,
  AuthorityOptions,
  IssuedCertificate,
  IssueRequest,
} from './authority/authority.ts';
export { hasAuthority } from './authority/authority-files.ts';
export { certificateSerials } from './authority/certificate-serial.ts';
export { openAuthority } from './authority/open-authority.ts';
export { publishRevocationList } from './authority/publish-list.ts';
export { type EnrolledNode, openNodeIdentity, type TrustAnchor } from './enrolled-node.ts';
export { type EnrolmentOptions, ensureNodeIdentity } from './enrolment.ts';
export { PKI_ERRORS, type PkiCode } from './errors.ts';
export { type Entity, fieldOf, type HeaderFields } from './mail/entity.ts';
export { confirmMailCertificate, type MailTrust } from './mail/mail-certificate.ts';
export { ensureMailIdentity, type MailIdentity, openMailIdentity } from './mail/mail-identity.ts';
export { LONGEST_MAIL, type MailToSeal, type OpenedMail, openMail, sealMail } from './mail/sealed-mail.ts';
export {
  believePlacement,
  type PlacementBelief,
  type PlacementRecord,
} from './placement/believe-placement.ts';
export { judgePlacement, type PlacedName, type PlacementVerdict } from './placement/judge-placement.ts';
export {
  type Placement,
  type PlacementTrust,
  signPlacement,
  verifyPlacement,
} from './placement/placement.ts';
export {
  type GuardedClient,
  type GuardedListener,
  guardConnection,
  guardedClient,
  guardedListener,
} from './revocation/guard.ts';
export {
  openRevocationList,
  openRevocations,
  type RevocationList,
  type RevocationListOptions,
} from './revocation/revocation-list.ts';
export type { HostNames } from './subject-names.ts';
export { type ExpectedPeer, peerIdentity, refusalReason } from './tls/peer-identity.ts';
export { secureContext } from './tls/secure-context.ts';
export {
  type ClientTlsSettings,
  clientTlsOptions,
  type ServerTlsSettings,
  serverTlsOptions,
} from './tls/tls-options.ts';
