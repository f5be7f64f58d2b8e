import { createHash, createHmac } from 'node:crypto';

/**
 * Codes that let a request without secrets come in plain HTTP: HMAC-SHA-256 under the credential's report key, which
 * never crosses a plain path. Every field has a length of its own in what is authenticated, so none can be shifted
 * into the next.
 */
const code = (purpose: string, reportKey: string, fields: readonly (string | Uint8Array)[]): string => {
  const mac = createHmac('sha256', Buffer.from(reportKey, 'hex')).update(`postern-${purpose}-1\n`);
  for (const field of fields) {
    const bytes = typeof field === 'string' ? Buffer.from(field, 'utf8') : field;
    mac.update(`${bytes.length}:`).update(bytes);
  }
  return mac.digest('hex');
};

/**
 * The code of `InvalidateOneTimePassword`.
 *
 * @param reportKey hexadecimal
 * @returns 64 hexadecimal digits
 * @spec U12
 */
export const invalidationCode = (
  reportKey: string,
  { deviceId, userName, jobId }: { deviceId: string; userName: string; jobId: string },
): string => code('invalidate', reportKey, [deviceId, userName, jobId]);

/** What `MarkPasswordUsed` says. */
export interface UsedPassword {
  readonly deviceId: string;
  readonly userName: string;
  readonly list: string;
  readonly entry: number;
  readonly lifetimeSeconds?: number;
  readonly signedManifest?: Uint8Array;
  readonly nonce?: string;
  readonly keyRotations?: readonly Uint8Array[];
  readonly signedTime?: Uint8Array;
}

/**
 * The code of `MarkPasswordUsed`.
 *
 * @param reportKey of the list's entry, hexadecimal
 * @returns 64 hexadecimal digits
 * @spec P1
 */
export const usedPasswordCode = (reportKey: string, used: UsedPassword): string =>
  code('password-used', reportKey, [
    used.deviceId,
    used.userName,
    used.list,
    String(used.entry),
    used.lifetimeSeconds === undefined ? '' : String(used.lifetimeSeconds),
    digest(used.signedManifest),
    used.nonce ?? '',
    ...(used.keyRotations ?? []).map(digest),
    digest(used.signedTime),
  ]);

const digest = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : createHash('sha256').update(bytes).digest('hex');
