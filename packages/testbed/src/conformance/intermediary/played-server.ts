import { X509Certificate } from 'node:crypto';
import type { TLSSocket, Server as TlsServer } from 'node:tls';
import { type intermediary, type UplinkOperations, type uplink, uplinkContract } from '@postern/contracts';
import {
  type Clock,
  type Closers,
  type Duration,
  type Entropy,
  type Logger,
  PosternError,
  randomId,
  Seconds,
} from '@postern/core';
import { type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  answerPoll,
  createSoapListener,
  createSoapService,
  HeldPolls,
  type SoapHandlers,
} from '@postern/soap-rpc';
import type { Happenings } from './happenings.ts';
import { playedImages } from './played-images.ts';
import { ON_PURPOSE, recordedService } from './recorded-service.ts';
import { UplinkScript } from './uplink-script.ts';

export interface PlayedServerOptions {
  /** Identity of the management server that the intermediary is configured with. */
  readonly node: EnrolledNode;
  readonly listen: { readonly host: string; readonly port: number };
  readonly happenings: Happenings;
  readonly closers: Closers;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** How a delivery is answered. */
export type AnswerDelivery = (
  delivery: uplink.Deliver,
  signal: AbortSignal,
) => Promise<Omit<intermediary.Answer, 'inReplyTo'>>;

/** The management server as it is played for an intermediary: what it does is said from outside. */
export interface PlayedServer {
  readonly port: number;
  readonly script: UplinkScript;
  /** By SHA-256: what can be fetched beside the uplink. */
  readonly images: Map<string, Uint8Array>;
  /** Answers deliveries in another way for the time of `work`. */
  answering<T>(how: AnswerDelivery, work: () => Promise<T>): Promise<T>;
  /** Polls are held no longer than `hold`, and the next is to come after `next`, for the time of `work`; one that is held ends. */
  pacing<T>(pace: { readonly hold: Duration; readonly next: Duration }, work: () => Promise<T>): Promise<T>;
  /** Shows another certificate for the time of `work`; whoever is connected has to come again. */
  showing<T>(node: EnrolledNode, work: () => Promise<T>): Promise<T>;
}

/** As long as our server holds one. */
const HOLD = Seconds(25);
const MOST_HELD = 16;

/** What the parts that are played refuse on purpose. */
export const onPurpose = (message: string): Error => new PosternError(ON_PURPOSE, message);

/** @throws PosternError `listen-failed` */
export const playServer = async (options: PlayedServerOptions): Promise<PlayedServer> => {
  const { node, listen, happenings, closers, clock, entropy, logger } = options;
  const script = new UplinkScript(() => randomId(entropy));
  const images = new Map<string, Uint8Array>();
  const held = new HeldPolls(clock, MOST_HELD);
  script.onWaiting = (name) => held.end(name);
  let answer: AnswerDelivery = async () => ({ outcome: 'succeeded', text: 'taken' });
  let pace: { readonly hold: Duration; readonly next: Duration | undefined } = {
    hold: HOLD,
    next: undefined,
  };

  const handlers: SoapHandlers<UplinkOperations> = {
    Poll: async (poll, context) => {
      const name = context.peer?.name ?? '';
      happenings.add({ kind: 'poll', node: name, poll, at: clock.monotonic() });
      if (script.losesAnswer(poll)) throw onPurpose('The answer to this exchange is lost');
      const serving = { exchange: script, held, logger, holdAtMost: pace.hold, nextPoll: Seconds(1) };
      const down = await answerPoll(serving, name, poll, context);
      const lost = context.signal.aborted;
      const empty = (down.requests ?? down.deferredResponses ?? down.acknowledged) === undefined;
      happenings.add({ kind: 'poll-answered', empty, lost, at: clock.monotonic() });
      return pace.next === undefined ? down : { ...down, nextPollSeconds: pace.next / 1_000 };
    },
    Deliver: async (delivery, { signal }) => {
      happenings.add({ kind: 'delivery', delivery });
      return { ...(await answer(delivery, signal)), inReplyTo: ownIdOf(delivery) };
    },
  };
  const service = createSoapService(uplinkContract, handlers, {
    logger,
    authorize: (peer, operation) => {
      if (peer?.role === 'intermediary') return;
      throw new PosternError('not-authorised', `Only an intermediary may call ${operation} here`);
    },
  });
  let tlsServer: TlsServer | undefined;
  const shown: Shown = { own: fingerprint(node), now: fingerprint(node) };
  const sockets = new Set<TLSSocket>();
  const tlsOf = (certified: EnrolledNode) =>
    // Whom we trust stays: whoever takes a wrong certificate for ours must be able to call.
    serverTlsOptions({ ...certified, caPem: node.caPem }, { clientAuthentication: 'required' });
  const listener = await createSoapListener({
    services: { '/uplink': recordedService(service, 'uplink', happenings) },
    routes: playedImages(images, happenings, clock, logger),
    tls: tlsOf(node),
    onTlsServer: (server) => {
      tlsServer = server;
      watch(server, sockets, shown, happenings);
    },
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    ...listen,
    clock,
    logger,
  });
  closers.add(() => listener.close());

  const show = (other: EnrolledNode): void => {
    shown.now = fingerprint(other);
    tlsServer?.setSecureContext(tlsOf(other));
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: listener.port,
    script,
    images,
    answering: (how, work) => {
      const before = answer;
      answer = how;
      return work().finally(() => {
        answer = before;
      });
    },
    pacing: (wanted, work) => {
      const before = pace;
      pace = wanted;
      script.wake();
      return work().finally(() => {
        pace = before;
      });
    },
    showing: (other, work) => {
      show(other);
      return work().finally(() => show(node));
    },
  };
};

/** A certificate that is shown. */
interface Shown {
  readonly own: string;
  now: string;
}

/** Tells of each connection that was opened whether anything was asked for on it, and which certificate it was shown. */
const watch = (server: TlsServer, sockets: Set<TLSSocket>, shown: Shown, happenings: Happenings): void => {
  const untold = new WeakMap<object, string>();
  const tell = (socket: object, asked: boolean): void => {
    const certificate = untold.get(socket);
    untold.delete(socket);
    if (certificate === undefined) return;
    happenings.add({ kind: 'connection', shown: certificate === shown.own ? 'own' : 'other', asked });
  };
  server.on('tlsClientError', () =>
    happenings.add({ kind: 'connection', shown: shown.now === shown.own ? 'own' : 'other', asked: false }),
  );
  server.on('secureConnection', (socket) => {
    const certificate = socket.getX509Certificate()?.fingerprint256 ?? '';
    // Its handshake began before another certificate was to be shown.
    if (certificate !== shown.now) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    untold.set(socket, certificate);
    socket.once('close', () => {
      sockets.delete(socket);
      tell(socket, false);
    });
  });
  server.on('request', ({ socket }: { readonly socket: TLSSocket }) => tell(socket, true));
};

const fingerprint = ({ certificatePem }: EnrolledNode): string =>
  new X509Certificate(certificatePem).fingerprint256;

const ownIdOf = ({ deliveryId, body }: uplink.Deliver): string => {
  if (body.kind === 'UserCall') return body.value.callId;
  if (body.kind === 'NotifySupply' || body.kind === 'NotifyAbnormality') return body.value.noticeId;
  return deliveryId;
};
