import { readFile, stat } from 'node:fs/promises';
import { errorCode, errorMessage } from '@postern/core';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Whose software a node takes: public keys, and how many of them must have signed. */
export interface VendorKeys {
  readonly files: readonly string[];
  readonly threshold: number;
}

/** Permissions of others to write a file. */
const OTHERS_WRITE = 0o022;

/** The keys that software is trusted by: there, keys, as many as must sign, and for nobody else to change. */
export const checkVendorKeys = async ({ files, threshold }: VendorKeys): Promise<readonly Finding[]> => {
  const check = 'vendor keys';
  if (files.length === 0) {
    const next =
      'Name the public keys of the vendors as vendorKeyFiles; `postern software keygen` makes a pair.';
    return [warn(check, 'none: no software can be registered', next)];
  }
  const { pinVendorKeys, vendorKeyFromPem } = await import('@postern/software-update');
  const pems: string[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    try {
      const pem = await readFile(file, 'utf8');
      vendorKeyFromPem(pem);
      pems.push(pem);
      if (((await stat(file)).mode & OTHERS_WRITE) === 0) continue;
      const next = `Run chmod go-w ${file}, and compare the key with the one that the vendor published.`;
      findings.push(warn(check, `${file}: others may write it, and so decide whose software is taken`, next));
    } catch (error) {
      const says = `${file} holds no Ed25519 public key (${errorCode(error, errorMessage(error))})`;
      const next = 'Copy the public key of the vendor there, in PEM, as `postern software keygen` writes it.';
      findings.push(fail(check, says, next));
    }
  }
  if (pems.length < files.length) return findings;
  try {
    const { keys } = pinVendorKeys(pems, threshold);
    return [...findings, ok(check, `${keys.size} different, of which ${threshold} must have signed`)];
  } catch (error) {
    const next = 'Set vendorThreshold to at most the number of different keys, or name more vendorKeyFiles.';
    return [...findings, fail(check, errorMessage(error), next)];
  }
};
