import { type Entropy, randomId } from '@postern/core';

/** What came of an update that was ordered at the panel. */
export interface PanelOrderResult {
  readonly orderId: string;
  /** `accepted`: an update follows. `refused`: by the intermediary. `failed`: nobody has answered, or the device cannot. */
  readonly outcome: 'accepted' | 'refused' | 'failed';
  /** The job at the intermediary, once it was accepted. */
  readonly jobId?: string;
  /** Why not. */
  readonly code?: string;
  /** For whoever stands at the panel. */
  readonly text: string;
}

/** Tells orders of a panel from the jobs of an intermediary: only the device itself may use it. */
const PREFIX = 'panel-';

/** One press of the key is one order, however often it has to be sent. */
export const panelOrderId = (entropy: Entropy): string => `${PREFIX}${randomId(entropy)}`;

export const isPanelOrderId = (id: string): boolean => id.startsWith(PREFIX);
