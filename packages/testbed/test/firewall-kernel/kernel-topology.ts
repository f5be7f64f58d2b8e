import { type LanPlan, type RealTopology, startTopology } from '@postern/testbed';
import { afterwards } from '../support/afterwards.ts';

/** Starts sites in network namespaces; they end after the test. The server knows all devices. */
export const startInNamespaces = async (sites: readonly LanPlan[]): Promise<RealTopology> => {
  const topology = await startTopology({ run: 'namespaces', sites });
  afterwards(() => topology.close());
  await topology.operator.devicesKnown(topology.deviceIds);
  return topology;
};
