import type { Clock, Logger } from '@postern/core';
import { type MailIdentity, openMail, openMailIdentity, type RevocationList } from '@postern/pki';
import { type MailedRequests, readMailedRequests } from '@postern/soap-rpc';
import type { IntermediaryDomain, IntermediaryStores } from '../../composition/compose-intermediary.ts';
import type { IntermediaryConfig, MailConfig } from '../../config.ts';
import { MailIntake } from '../../domain/mail/mail-intake.ts';
import { intermediaryError } from '../../errors.ts';
import { type MailListener, openMailListener } from './mail-listener.ts';

export interface MailOptions {
  readonly config: Pick<IntermediaryConfig, 'identityDir' | 'uplink'>;
  readonly mail: MailConfig;
  /** This intermediary's name. */
  readonly name: string;
  readonly stores: Pick<IntermediaryStores, 'mail' | 'requests'>;
  readonly inbox: Pick<IntermediaryDomain['inbox'], 'take'>;
  readonly revocations: RevocationList | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where mail comes in. */
export interface MailWay {
  readonly port: number;
  /** How many mails were refused since the start, by reason. */
  readonly refused: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * Begins to take mail. Opened once the inbox is at work.
 *
 * @throws PosternError `mail-unusable`, those of pki for the mail identity
 * @spec R9
 */
export const openMailWay = async (options: MailOptions): Promise<MailWay> => {
  const { config, mail, name, stores, inbox, clock, logger } = options;
  const identity = await openMailIdentity({ directory: config.identityDir, clock });
  if (identity.identity.name !== name || identity.identity.role !== 'intermediary') {
    throw intermediaryError('mail-unusable', `${config.identityDir} holds the mail identity of another node`);
  }
  const open = opener(options, identity);
  const intake = new MailIntake({
    ...mail,
    name,
    open,
    store: stores.mail,
    requests: stores.requests,
    inbox,
    clock,
    logger,
  });
  const listener: MailListener = await openMailListener({ config: mail, intake, name, clock, logger });
  return { port: listener.port, refused: intake.refused, close: () => listener.close() };
};

const opener = (
  { mail, config, revocations, clock }: MailOptions,
  identity: MailIdentity,
): ((message: Uint8Array) => MailedRequests) => {
  const server = { role: 'server', name: mail.serverName ?? config.uplink?.serverName ?? '' } as const;
  const trust = { caPem: identity.caPem, revocations, clock };
  return (message) => readMailedRequests(openMail(message, identity, server, trust).inside);
};
