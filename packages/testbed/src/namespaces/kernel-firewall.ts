import { toSeconds } from '@postern/core';
import { refuse } from '../faults/refusal.ts';
import type { Firewall, FirewallCounters, LineShape } from '../firewall/index.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { Namespace } from './namespace.ts';
import { type LineState, lineRules } from './ruleset.ts';

/** A site's router, with the rules of `ROUTER_RULES`: its interfaces are called `wan` and `lan`. */
export interface Router {
  readonly router: Namespace;
  readonly lan: Namespace;
}

/** As long as Linux keeps a silent connection unless told otherwise: five days. */
const KEPT_SECONDS = 432_000;
/** Any port will do: the router lets nobody in on any. */
const PUBLIC_PORT = 443;
const COUNTER = /counter (\w+) \{\s+packets (\d+) bytes (\d+)/g;

/**
 * The firewall of a site as a router of its own, in the kernel. Attempts that it refuses are counted by their packets: one
 * that is repeated counts again.
 *
 * @spec T5
 */
export class KernelFirewall implements Firewall {
  readonly wanPort = PUBLIC_PORT;
  readonly #router: Namespace;
  readonly #lan: Namespace;
  readonly #targets = new Set<string>();
  #state: LineState = 'whole';
  #shape: LineShape = {};

  constructor({ router, lan }: Router) {
    this.#router = router;
    this.#lan = lan;
  }

  /** The router routes: nodes of the site call the target itself. */
  async openOutbound(target: Endpoint): Promise<Endpoint> {
    this.#targets.add(target.host);
    return target;
  }

  get counters(): FirewallCounters {
    const listed = this.#router.run(['nft', 'list', 'counters', 'table', 'inet', 'postern']);
    const counters = new Map(
      [...listed.matchAll(COUNTER)].map(([, name, packets, bytes]) => [
        name,
        { packets: Number(packets), bytes: Number(bytes) },
      ]),
    );
    const counter = (name: string) => counters.get(name) ?? { packets: 0, bytes: 0 };
    return {
      forwarded: counter('forwarded').packets,
      refused: counter('refused').packets,
      refusedWhileCut: counter('refused_while_cut').packets,
      bytesUp: counter('up').bytes,
      bytesDown: counter('down').bytes,
      lost: counter('lost').packets,
      open: this.#open(),
    };
  }

  /** As the LAN sees it: a connection that the router has forgotten is open until somebody tells. */
  #open(): number {
    const listed = [...this.#targets].map((host) =>
      this.#lan.run(['ss', '-H', '-t', '-n', 'state', 'connected', 'dst', host]),
    );
    return listed
      .join('')
      .split('\n')
      .filter((line) => line !== '').length;
  }

  /** Nothing is recorded here. */
  capture(): [] {
    return [];
  }

  cut(): void {
    this.#enter('cut');
    // A connection on which nothing moves hears of it at once too, as it does from a gateway.
    for (const host of this.#targets) this.#lan.run(['ss', '-K', '-t', 'dst', host]);
  }

  blackhole(): void {
    this.#enter('blackhole');
  }

  holdNewConnections(): void {
    this.#enter('no-new-connections');
  }

  restore(): void {
    this.#enter('whole');
  }

  get shaped(): LineShape {
    return this.#shape;
  }

  /** @throws PosternError `not-in-this-run` for a delay */
  shape(line: LineShape): void {
    const { delay, bytesPerSecond, idleTimeout } = line;
    if (delay !== undefined && delay > 0) refuse('delay a line', 'namespaces');
    if (bytesPerSecond !== this.#shape.bytesPerSecond) this.#limitRate(bytesPerSecond);
    if (idleTimeout !== this.#shape.idleTimeout) {
      const seconds = idleTimeout === undefined ? KEPT_SECONDS : Math.ceil(toSeconds(idleTimeout));
      this.#router.set({ 'netfilter/nf_conntrack_tcp_timeout_established': seconds });
    }
    this.#shape = line;
    this.#enter(this.#state);
  }

  /** It goes with its namespace. */
  async close(): Promise<void> {}

  #enter(state: LineState): void {
    this.#state = state;
    this.#router.run(['nft', '-f', '-'], lineRules(state, this.#shape));
  }

  #limitRate(bytesPerSecond: number | undefined): void {
    for (const device of ['wan', 'lan']) {
      const bucket =
        bytesPerSecond === undefined
          ? ['del', 'dev', device, 'root']
          : ['replace', 'dev', device, 'root', 'tbf', ...rateArguments(bytesPerSecond)];
      this.#router.run(['tc', 'qdisc', ...bucket]);
    }
  }
}

/** A few packets at once, and a queue of a fifth of a second. */
const rateArguments = (bytesPerSecond: number): readonly string[] => [
  ...['rate', `${Math.ceil(bytesPerSecond * 8)}bit`],
  ...['burst', String(Math.max(6_000, Math.ceil(bytesPerSecond / 100)))],
  ...['latency', '200ms'],
];
