import type { TargetMemory, TargetRecord } from '@postern/software-update';
import { CheckedFile, readCheckedFile } from './checked-file.ts';
import { imageSlotsError } from './errors.ts';
import type { PowerFence } from './power-fence.ts';

/**
 * A target's memory as a file of its own, for targets that remember nothing else.
 *
 * @throws PosternError `target-record-damaged`, `storage-failed`
 */
export const openTargetMemory = async (path: string, fence: PowerFence): Promise<TargetMemory> => {
  const found = await readCheckedFile<TargetRecord>(path);
  if (found === 'damaged') throw imageSlotsError('target-record-damaged', `${path} is damaged`);
  const record = found === 'missing' ? undefined : found.content;
  const file = new CheckedFile<TargetRecord | undefined>(path, record, fence);
  return { load: async () => file.content, save: (changed) => file.update(() => changed) };
};
