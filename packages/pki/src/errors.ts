import { PosternError } from '@postern/core';

/** What the codes of this package mean. */
export const PKI_ERRORS = {
  'authority-damaged': 'A file of the development CA cannot be read as what it should be.',
  'certificate-expired': "The node's own certificate is no longer valid.",
  'certificate-not-yet-valid': "The node's own certificate becomes valid in the future of this clock.",
  'host-name-invalid': 'A DNS name or address to certify is none.',
  'identity-damaged':
    'Key, certificate and CA certificate of a node do not belong together or cannot be read.',
  'identity-missing': 'A file of the node identity does not exist.',
  'identity-unexpected': 'A certificate names another node than the expected one.',
  'key-too-open': 'A private key can be read by others than its owner.',
  'placement-invalid':
    'The word of a device on where it is is malformed, not signed by its key, or its certificate does not count.',
  'mail-certificate-unusable':
    'A mail certificate was not issued by the CA, is expired, revoked, or not one for mail.',
  'mail-malformed': 'A mail is not S/MIME of the one form that is taken: encrypted, and signed inside.',
  'mail-not-for-us': 'A mail is encrypted for another certificate than that of this node.',
  'mail-signature-invalid': 'The signature of a mail does not fit its content.',
  'mail-too-long': 'A mail is longer than is sent or taken.',
  'mail-undecipherable': 'A mail was altered on its way, or its key is another than it says.',
  'revocation-list-unusable':
    'The revocation list is missing, outdated, or not the one of the CA that this node trusts.',
  'serial-invalid': 'A serial number is not 1 to 40 hexadecimal digits.',
} as const satisfies Record<string, string>;

export type PkiCode = keyof typeof PKI_ERRORS;

export const pkiError = (
  code: PkiCode,
  message: string,
  options?: { cause?: unknown; hint?: string },
): PosternError<PkiCode> => new PosternError(code, message, options);
