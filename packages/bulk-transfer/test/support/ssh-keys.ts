import { generateSshHostKey } from '@postern/bulk-transfer';
import ssh2 from 'ssh2';

export interface SshKeys {
  /** In OpenSSH's format. */
  readonly privateKey: string;
  /** As a line of authorized_keys. */
  readonly line: string;
}

export const ed25519Keys = (): SshKeys => withLine(generateSshHostKey());

export const ecdsaKeys = (bits: 256 | 384 | 521): SshKeys =>
  withLine(ssh2.utils.generateKeyPairSync('ecdsa', { bits }).private);

export const rsaKeys = (bits: number): SshKeys =>
  withLine(ssh2.utils.generateKeyPairSync('rsa', { bits }).private);

const withLine = (privateKey: string): SshKeys => {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  return { privateKey, line: `${parsed.type} ${parsed.getPublicSSH().toString('base64')} someone@site` };
};
