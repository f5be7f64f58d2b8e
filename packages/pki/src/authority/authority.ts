import type { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, Days, type Duration, type Entropy, type NodeIdentity } from '@postern/core';
import { privateKeyToPem, SIGNATURE_ALGORITHM } from '../keys.ts';
import { type HostNames, subjectNames } from '../subject-names.ts';
import { x509 } from '../x509.ts';
import { type AuthorityKeys, CLOCK_TOLERANCE } from './authority-files.ts';
import { type CertificatePurpose, PURPOSES } from './purpose.ts';
import { createCrl } from './revocation-list.ts';
import { type RevokedCertificates, revokedCertificates } from './revoked-certificates.ts';
import { parseSerial, randomSerial } from './serial.ts';

export interface AuthorityOptions {
  /** Made with mode 0700 when it does not exist; holds the CA's key. */
  readonly directory: string;
  readonly clock: Clock;
  /** For serial numbers; keys come from the operating system's generator. */
  readonly entropy: Entropy;
}

export interface IssueRequest extends HostNames {
  readonly identity: NodeIdentity;
  /** What the certificate is good for; TLS unless given. */
  readonly purpose?: CertificatePurpose;
  /** Cut to the CA certificate's own end. */
  readonly lifetime: Duration;
}

export interface IssuedCertificate {
  readonly certificatePem: string;
  /** PKCS #8. Secret. */
  readonly privateKeyPem: string;
  /** Lower-case hexadecimal digits; for {@link Authority.revoke}. */
  readonly serial: string;
}

/** How long a revocation list is valid unless said otherwise; publish a new one well before. */
const CRL_LIFETIME: Duration = Days(7);

/** Issues and revokes node certificates. For development, demo and test; a production site brings its own PKI. */
export class Authority {
  /** The self-signed CA certificate: what every node trusts, and nothing else. */
  readonly certificatePem: string;
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #certificate: x509.X509Certificate;
  readonly #signingKey: webcrypto.CryptoKey;
  readonly #revoked: RevokedCertificates;

  constructor(options: AuthorityOptions, keys: AuthorityKeys) {
    this.#clock = options.clock;
    this.#entropy = options.entropy;
    this.certificatePem = keys.certificatePem;
    this.#certificate = new x509.X509Certificate(keys.certificatePem);
    this.#signingKey = keys.signingKey;
    this.#revoked = revokedCertificates(join(options.directory, 'revoked.json'));
  }

  /**
   * Makes a key and a certificate for it: P-256, good for both ends of TLS, or RSA, good for mail and nothing else.
   *
   * @throws PosternError `host-name-invalid`, `identity-invalid`
   */
  async issue(request: IssueRequest): Promise<IssuedCertificate> {
    const names = subjectNames(request.identity, request);
    const { generate, keyUsage, extendedKeyUsage } = PURPOSES[request.purpose ?? 'tls'];
    const keys = await generate();
    const serial = randomSerial(this.#entropy);
    const now = this.#clock.now();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial,
      subject: [{ CN: [request.identity.name] }],
      issuer: this.#certificate.subjectName,
      notBefore: new Date(now - CLOCK_TOLERANCE),
      notAfter: new Date(Math.min(now + request.lifetime, this.#certificate.notAfter.getTime())),
      publicKey: keys.publicKey,
      signingKey: this.#signingKey,
      signingAlgorithm: SIGNATURE_ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(keyUsage, true),
        new x509.ExtendedKeyUsageExtension(extendedKeyUsage),
        new x509.SubjectAlternativeNameExtension(names),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
      ],
    });
    return {
      serial,
      certificatePem: `${certificate.toString('pem')}\n`,
      privateKeyPem: await privateKeyToPem(keys.privateKey),
    };
  }

  /**
   * Puts a certificate on the revocation list, durably. Nodes refuse it once they were given the new list.
   *
   * @param serial hexadecimal digits
   * @throws PosternError `serial-invalid`
   */
  async revoke(serial: string): Promise<void> {
    await this.#revoked.add({ serial: parseSerial(serial), at: this.#clock.now() });
  }

  /** The current revocation list (RFC 5280 §5). */
  async crlPem(lifetime: Duration = CRL_LIFETIME): Promise<string> {
    return createCrl({
      issuer: this.#certificate,
      signingKey: this.#signingKey,
      entries: await this.#revoked.list(),
      from: this.#clock.now(),
      lifetime,
    });
  }
}
