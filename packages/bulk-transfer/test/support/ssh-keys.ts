import { generateSshHostKey, sshPublicKeyLine } from '@postern/bulk-transfer/sftp-drop';
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

const withLine = (privateKey: string): SshKeys => ({
  privateKey,
  line: `${sshPublicKeyLine(privateKey)} someone@site`,
});
