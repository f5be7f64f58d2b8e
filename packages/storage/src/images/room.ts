import type { StoredFile } from './image-files.ts';

/** An image that is being received: it counts with its full length before its bytes arrive. */
export interface Reservation {
  readonly sha256: string;
  /** Bytes announced. */
  readonly length: number;
  /** Bytes that are on the disk already. */
  received: number;
}

/** How much the store may still take. */
export interface Room {
  /** Bytes of the quota that are neither used nor reserved; negative when it is overdrawn. */
  readonly quota: number;
  /** Bytes of the disk that are free and not reserved. */
  readonly disk: number;
}

/** @param disk free bytes of the disk */
export const roomLeft = (
  files: readonly StoredFile[],
  reservations: readonly Reservation[],
  maxBytes: number,
  disk: number,
): Room => {
  const receiving = new Set(reservations.map(({ sha256 }) => sha256));
  const used = sum(
    files.filter((file) => !(file.partial && receiving.has(file.sha256))).map(({ length }) => length),
  );
  const reserved = sum(reservations.map(({ length }) => length));
  const outstanding = sum(reservations.map(({ length, received }) => length - received));
  return { quota: maxBytes - used - reserved, disk: disk - outstanding };
};

/**
 * Which files give way, least recently used first, so that `needed` bytes fit. Undefined when even removing all of
 * `candidates` would not do: then nothing is worth removing.
 */
export const planEviction = (
  candidates: readonly StoredFile[],
  room: Room,
  needed: number,
): readonly StoredFile[] | undefined => {
  const missing = needed - Math.min(room.quota, room.disk);
  const plan: StoredFile[] = [];
  let freed = 0;
  for (const file of [...candidates].sort((a, b) => a.lastUsed - b.lastUsed)) {
    if (freed >= missing) break;
    plan.push(file);
    freed += file.length;
  }
  return freed >= missing ? plan : undefined;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
