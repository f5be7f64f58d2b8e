import type { TargetCredential } from '../credential/target-credential.ts';
import type { TargetMemory } from '../ports/target-ports.ts';
import { noteChange } from './list-memory.ts';
import type { TargetRecord } from './record.ts';

/** A change of the credential, and with it of the list that it came from: never save the one without the other. */
export const withCredential = (
  { credential: before, passwordLists }: Pick<TargetRecord, 'credential' | 'passwordLists'>,
  credential: TargetCredential,
): Pick<TargetRecord, 'credential' | 'passwordLists'> => {
  const noted = noteChange(passwordLists, before, credential);
  return { credential, ...(noted === undefined ? {} : { passwordLists: noted }) };
};

/** The target's record in memory and in NV-RAM: changed by one at a time, and in memory only once it is saved. */
export class RecordKeeper {
  readonly #memory: TargetMemory;
  #record: TargetRecord;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(memory: TargetMemory, record: TargetRecord) {
    this.#memory = memory;
    this.#record = record;
  }

  get record(): TargetRecord {
    return this.#record;
  }

  /** Changes parts of the record. Call it inside {@link exclusively}. */
  async save(change: Partial<TargetRecord>): Promise<void> {
    const record = { ...this.#record, ...change };
    await this.#memory.save(record);
    this.#record = record;
  }

  /** Runs `work` after all that was asked for before; not from inside other such work. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}
