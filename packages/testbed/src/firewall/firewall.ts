import type { Socket } from 'node:net';
import { type Clock, type Entropy, type Logger, systemEntropy } from '@postern/core';
import { type CapturedConnection, StreamRecorder } from '../capture/index.ts';
import { type Endpoint, listenTcp, type TcpListener } from '../tcp/listener.ts';
import { Gate } from './gate.ts';
import { type LineShape, Link } from './link.ts';

export interface FirewallOptions extends LineShape {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The LAN side: where {@link Firewall.openOutbound} listens. */
  readonly inside: { readonly host: string };
  /** The WAN side: the site's public address. Default: a port of 127.0.0.1 given by the system. */
  readonly outside?: { readonly host: string; readonly port?: number };
  /** What losses are drawn from. Default: the system's. */
  readonly entropy?: Entropy;
  /** Keeps what passes for {@link Firewall.capture}. Default: no. */
  readonly recorded?: boolean;
}

/** What the firewall has seen since it was made. */
export interface FirewallCounters {
  /** Connections from inside that reached their target. */
  readonly forwarded: number;
  /** Connection attempts from outside: all of them are refused. */
  readonly refused: number;
  /** Connection attempts from inside while the line was cut. */
  readonly refusedWhileCut: number;
  /** Pieces (packets, where the kernel is the firewall) that were lost by {@link LineShape.loss}. */
  readonly lost: number;
  /** Bytes that passed from the LAN to the WAN. */
  readonly bytesUp: number;
  /** Bytes that passed from the WAN to the LAN. */
  readonly bytesDown: number;
  /** Connections from inside that exist now, whether they have reached their target or not. */
  readonly open: number;
}

/** A site's simulated firewall: a gateway in user space that needs no privileges. */
export interface Firewall {
  /**
   * Opens a port on the LAN side whose connections go to `target` on the WAN side, as it says at that moment.
   *
   * @param port of the LAN side; given by the system unless said
   * @returns where nodes of the site connect to instead of `target`
   * @throws PosternError `listen-failed`
   */
  openOutbound(target: Endpoint, port?: number): Promise<Endpoint>;
  /** The port of the site's public address. Nothing that connects to it gets through. */
  readonly wanPort: number;
  readonly counters: FirewallCounters;
  /** What passed so far, by connection; empty unless the firewall is `recorded`. For tests and attacks only. */
  capture(): readonly CapturedConnection[];
  /** The line breaks: what is connected is reset, and so is what connects from now on. */
  cut(): void;
  /** Packets vanish: connections stay, new ones are taken, but nothing passes. What was sent passes after {@link restore}. */
  blackhole(): void;
  /** Connections stay and everything passes on them; one that is opened from now on waits. */
  holdNewConnections(): void;
  /** Ends {@link cut}, {@link blackhole} and {@link holdNewConnections}. */
  restore(): void;
  /** What the line is like now, beside being open. */
  readonly shaped: LineShape;
  /** The line is like this from now on. */
  shape(line: LineShape): void;
  /** Stops listening and resets everything. */
  close(): Promise<void>;
}

/**
 * Puts a firewall between a site and the internet. Only connections opened from inside are forwarded; inside has no
 * port that outside could reach, and whoever tries the public address is refused and counted.
 *
 * @throws PosternError `listen-failed`
 * @spec T5
 */
export const createFirewall = async (options: FirewallOptions): Promise<Firewall> => {
  const { clock, logger, entropy = systemEntropy, inside, outside = { host: '127.0.0.1' } } = options;
  const gate = new Gate();
  const entrance = new Gate();
  const links = new Set<Link>();
  const totals = { forwarded: 0, refused: 0, refusedWhileCut: 0, lost: 0, bytesUp: 0, bytesDown: 0 };
  const recorder = options.recorded ? new StreamRecorder() : undefined;
  let isCut = false;
  let line: LineShape = options;

  const refuse = (socket: Socket): void => {
    totals.refused += 1;
    logger.warn('Connection from outside refused', { from: socket.remoteAddress });
    socket.resetAndDestroy();
  };

  const forward = (socket: Socket, target: Endpoint): void => {
    if (isCut) {
      totals.refusedWhileCut += 1;
      socket.resetAndDestroy();
      return;
    }
    const record = recorder?.connection();
    const link = new Link(socket, {
      clock,
      logger,
      gate,
      entrance,
      target,
      entropy,
      line: () => line,
      onForwarded: () => {
        totals.forwarded += 1;
      },
      onLost: () => {
        totals.lost += 1;
      },
      onUp: (chunk) => {
        totals.bytesUp += chunk.length;
        record?.up(chunk);
      },
      onDown: (chunk) => {
        totals.bytesDown += chunk.length;
        record?.down(chunk);
      },
    });
    links.add(link);
    void link.done.then(() => links.delete(link));
  };

  const publicPort = await listenTcp({ port: 0, ...outside }, refuse);
  const listeners: TcpListener[] = [publicPort];

  return {
    openOutbound: async (target, port = 0) => {
      const listener = await listenTcp({ host: inside.host, port }, (socket) => forward(socket, target));
      listeners.push(listener);
      return { host: listener.host, port: listener.port };
    },
    wanPort: publicPort.port,
    get counters() {
      return { ...totals, open: links.size };
    },
    capture: () => recorder?.look() ?? [],
    cut: () => {
      isCut = true;
      for (const link of links) link.reset();
    },
    blackhole: () => gate.close(),
    holdNewConnections: () => entrance.close(),
    restore: () => {
      isCut = false;
      entrance.open();
      gate.open();
    },
    get shaped() {
      const { delay, bytesPerSecond, idleTimeout, loss } = line;
      return definedOf({ delay, bytesPerSecond, idleTimeout, loss });
    },
    shape: (changed) => {
      line = changed;
    },
    close: async () => {
      const ended = [...links].map((link) => link.done);
      for (const link of links) link.reset();
      await Promise.all([...ended, ...listeners.map((listener) => listener.close())]);
    },
  };
};

/** Without what is not said. */
const definedOf = (line: { readonly [K in keyof LineShape]: LineShape[K] | undefined }): LineShape =>
  Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
