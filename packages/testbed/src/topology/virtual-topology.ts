import { refuse } from '../faults/refusal.ts';
import type { Topology } from './topology.ts';

export interface VirtualTopology extends Topology {}
export const VirtualTopology = {
  start: async (_: object): Promise<VirtualTopology> => refuse('anything yet', 'virtual'),
};
