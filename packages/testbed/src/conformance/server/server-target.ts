import { uplinkContract } from '@postern/contracts';
import { randomId } from '@postern/core';
import { type SoapTarget, sampleOf, type TargetAddress } from '../soap/soap-target.ts';
import { makeStranger } from '../stranger.ts';
import type { TargetConnection } from '../target-connection.ts';

/** Somebody's management server, seen from an intermediary. */
export type ServerTarget = SoapTarget;

/** Nothing is connected before the first check. */
export const openServerTarget = async (connection: TargetConnection): Promise<ServerTarget> => {
  const { url, node, clock, entropy } = connection;
  const stranger = await makeStranger(node.identity, connection);
  const address: TargetAddress = { url, node, stranger, clock, expect: { role: 'server' } };
  const sessionId = `conformance-${randomId(entropy)}`;
  return {
    // Without capacity nothing comes down.
    sample: sampleOf(uplinkContract, address, (client, signal) =>
      client.call('Poll', { sessionId, holdSeconds: 0, capacity: 0 }, { signal }),
    ),
  };
};
