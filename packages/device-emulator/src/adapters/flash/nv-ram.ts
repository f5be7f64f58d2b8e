import { join } from 'node:path';
import { CheckedFile, type PowerFence, readCheckedFile, writeCheckedFile } from '@postern/image-slots';
import type { TargetMemory, TargetRecord } from '@postern/software-update';
import type { ApplicationMemory } from '../../domain/applications.ts';
import type { FileMemory } from '../../domain/files.ts';
import type { Notice } from '../../domain/notices.ts';
import type { PlacementMemory } from '../../domain/placement.ts';
import type { RequestMemory } from '../../domain/remembered-requests.ts';
import type { CallRecord } from '../../domain/service-calls.ts';
import type { Supplies } from '../../domain/supplies.ts';
import { deviceError } from '../../errors.ts';

/** The listeners of a device; `ftp` is the bulk path, whatever its kind. */
export type OwnPort = 'soap' | 'ftp' | 'plain';

/** Everything a device remembers beside its images. Plain data, saved as a whole. */
export interface NvRamContent extends ApplicationMemory, FileMemory, PlacementMemory, RequestMemory {
  /** The target's part; absent until the first start. */
  readonly target?: TargetRecord;
  readonly counters: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, string>>;
  /** Percent left of each; one that is not there is full. */
  readonly supplies?: Supplies;
  /** What the intermediary has not answered yet, the oldest first. */
  readonly notices?: readonly Notice[];
  /** The latest calls for service. */
  readonly calls?: readonly CallRecord[];
  /** Ports that the system once assigned: a device keeps its address. */
  readonly ports: Readonly<Partial<Record<OwnPort, number>>>;
  /** What fixed erasure passwords are derived from; hexadecimal. Absent until the first is needed. */
  readonly erasureSecret?: string;
}

export const nvRamPath = (directory: string): string => join(directory, 'nv-ram.json');

export const writeNvRam = (directory: string, content: NvRamContent): Promise<void> =>
  writeCheckedFile(nvRamPath(directory), content);

/**
 * The content of a device's NV-RAM.
 *
 * @throws PosternError `device-not-manufactured`, `nv-ram-corrupt`, `storage-failed`
 */
export const readNvRam = async (directory: string): Promise<NvRamContent> => {
  const path = nvRamPath(directory);
  const found = await readCheckedFile<NvRamContent>(path);
  if (found === 'missing') throw deviceError('device-not-manufactured', `${directory} holds no device`);
  if (found === 'damaged') throw deviceError('nv-ram-corrupt', `${path} is damaged`);
  return found.content;
};

/** What a program of the device sees of its NV-RAM. */
export interface DeviceMemory {
  /** What is durable. */
  readonly content: NvRamContent;
  /** Changes the content; on return it survives a power cut. */
  update(change: (content: NvRamContent) => NvRamContent): Promise<void>;
}

/** NV-RAM of a running device. */
export class NvRam extends CheckedFile<NvRamContent> implements DeviceMemory {
  constructor(directory: string, content: NvRamContent, fence: PowerFence) {
    super(nvRamPath(directory), content, fence);
  }

  /** The part that belongs to the update target. */
  get targetMemory(): TargetMemory {
    return {
      load: async () => this.content.target,
      save: (target) => this.update((content) => ({ ...content, target })),
    };
  }
}
