import { errorCode, errorMessage } from '@postern/core';
import type { MailWay } from '../adapters/mail/open-mail.ts';
import { openOperationPort } from '../adapters/operation-port/operation-port.ts';
import { operationSocket } from '../adapters/operation-port/socket-path.ts';
import { clearIncoming, incomingDirectory } from '../adapters/software-drop/incoming.ts';
import type { SoftwareDrop } from '../adapters/software-drop/software-drop.ts';
import type { IntermediaryDomain, IntermediaryStores } from '../composition/compose-intermediary.ts';
import type { Site } from './site.ts';

/** Opened once the lock of the data directory is held. */
export const openOperations = async (
  { config, clock, logger, ending }: Site,
  { operations }: IntermediaryDomain,
): Promise<string | undefined> => {
  if (config.operation === false) return undefined;
  const path = operationSocket(config.dataDir, config.operation.socket);
  try {
    const port = await openOperationPort({ path, operations, clock, logger });
    ending.add(() => port.close());
    return path;
  } catch (error) {
    // Whoever asked for it, or has nothing else to order with, is to know at once.
    if (config.operation.socket !== undefined || config.uplink === undefined) throw error;
    logger.warn('There is no operation port', { reason: errorMessage(error), code: errorCode(error, '') });
    return undefined;
  }
};

/** SSH code is loaded where software is dropped. Opened once the lock of the data directory is held. */
export const openDrop = async (
  { config, clock, logger, ending }: Site,
  { operations }: IntermediaryDomain,
): Promise<SoftwareDrop | undefined> => {
  const { dataDir } = config;
  if (config.drop === undefined) {
    await clearIncoming(incomingDirectory(dataDir));
    return undefined;
  }
  const { openSoftwareDrop } = await import('../adapters/software-drop/software-drop.ts');
  const drop = await openSoftwareDrop({ config: config.drop, dataDir, operations, clock, logger });
  ending.add(() => drop.close());
  return drop;
};

/** Code for mail is loaded where requests come by mail. */
export const openMail = async (
  { config, node, revocations, clock, logger, ending }: Site,
  stores: IntermediaryStores,
  { inbox }: IntermediaryDomain,
): Promise<MailWay | undefined> => {
  const { mail } = config;
  if (mail === undefined) return undefined;
  const { openMailWay } = await import('../adapters/mail/open-mail.ts');
  const { name } = node.identity;
  const way = await openMailWay({ config, mail, name, stores, inbox, revocations, clock, logger });
  ending.add(() => way.close());
  return way;
};
