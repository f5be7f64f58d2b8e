import type { Clock, Logger } from '@postern/core';
import { type PacketLook, Recorder } from '../capture/index.ts';
import { type Endpoint, listenTcp } from '../tcp/listener.ts';
import { AlterationPlan } from './alteration-plan.ts';
import { ControlSession, type OnControlLine } from './control-session.ts';
import type { TamperingRules } from './rules.ts';

export interface TamperingProxyOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The FTP server that is attacked. */
  readonly target: Endpoint;
  /** Default: none, the proxy only listens. */
  readonly rules?: TamperingRules;
  /** Told of every line of a control connection; the line goes on when this resolves. */
  readonly onControlLine?: OnControlLine;
  /** IPv4 address to listen on. Default: 127.0.0.1, on a port given by the system. */
  readonly listen?: { readonly host: string; readonly port?: number };
}

/** A man in the middle of the bulk path. */
export interface TamperingProxy extends Endpoint {
  /** What crossed so far, the updater's password included. For tests and attacks only. */
  capture(): PacketLook;
  /** Ends the stall: what was held back passes, and no later upload stalls. */
  resume(): void;
  /** Other rules for the sessions that begin from now on, whose uploads count from 1. Ends a stall. */
  setRules(rules: TamperingRules): void;
  /** Stops listening and resets everything. */
  close(): Promise<void>;
}

/**
 * Stands between an updater and a device's FTP server in passive mode, sees everything and changes what `rules` say.
 * Nothing on the bulk path keeps it from doing so: what it cannot reach is what X1 and X2 rest on.
 *
 * @throws PosternError `listen-failed`
 */
export const createTamperingProxy = async (options: TamperingProxyOptions): Promise<TamperingProxy> => {
  const { clock, logger, target, rules = {}, listen = { host: '127.0.0.1' }, onControlLine } = options;
  const recorder = new Recorder();
  let plan = new AlterationPlan(rules, clock);
  const sessions = new Set<ControlSession>();
  const listener = await listenTcp({ port: 0, ...listen }, (socket) => {
    const common = { clock, logger, host: listen.host, target, plan, recorder };
    const session = new ControlSession(socket, { ...common, onControlLine });
    sessions.add(session);
    void session.done.then(() => sessions.delete(session));
  });
  return {
    host: listener.host,
    port: listener.port,
    capture: () => recorder.look(),
    resume: () => plan.resume(),
    setRules: (changed) => {
      plan.resume();
      plan = new AlterationPlan(changed, clock);
    },
    close: async () => {
      const ended = [...sessions].map((session) => session.done);
      for (const session of sessions) session.end();
      await Promise.all([...ended, listener.close()]);
    },
  };
};
