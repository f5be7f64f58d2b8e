import type { SoftwareView } from '@postern/management-server/client';
import type { Site } from '@postern/testbed';
import { choicesOf } from './cells.ts';
import type { Orderer } from './run-cells.ts';
import { configure, releaseNumber } from './scheme-site.ts';

/** The server orders; the choices go with the order. */
export const serverOrders = (): Orderer => {
  let software: SoftwareView | undefined;
  return {
    prepare: async (site, _, number) => {
      software = await site.operator.register(releaseNumber(number));
    },
    update: async (site, { deviceId, scheme }) => {
      if (software === undefined) throw new TypeError('There is nothing to install');
      const { id } = await site.operator.order(deviceId, software, undefined, {
        ...choicesOf(scheme),
        bulkPathKind: scheme.bulkPathKind,
      });
      for await (const event of site.operator.client.watch(id, AbortSignal.timeout(PATIENCE))) {
        if (event.type === 'finished') break;
      }
      return id;
    },
  };
};

const PATIENCE = 60_000;

/** What is configured holds for what is ordered at the site. */
const siteIsReady: Orderer['prepare'] = async (site, choices, number) => {
  await configure(site, choices);
  await site.shelve(releaseNumber(number));
};

/** Follows an update at the site and waits until the server has its result. */
export const reported = async (site: Site, id: string): Promise<string> => {
  for await (const event of site.operations.follow(id)) if (event.type === 'finished') break;
  await site.operator.delivered(id);
  return id;
};

/** Somebody at the intermediary orders. */
export const operationPortOrders = (): Orderer => ({
  prepare: siteIsReady,
  update: async (site, { deviceId }) => reported(site, (await site.operations.order({ deviceId })).id),
});

/** Somebody at the device orders, and the device knows who makes the password. */
export const panelOrders = (): Orderer => ({
  prepare: siteIsReady,
  update: async (site, { deviceId, scheme }) => {
    const { jobId, text } = await site.device(deviceId).orderUpdate({ generator: scheme.passwordGenerator });
    if (jobId === undefined) throw new TypeError(`The panel of ${deviceId} shows: ${text}`);
    return reported(site, jobId);
  },
});
