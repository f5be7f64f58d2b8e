import type { TLSSocket } from 'node:tls';
import { type uplink, uplinkContract } from '@postern/contracts';
import { Seconds, silentLogger, sleep, systemClock } from '@postern/core';
import { peerIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener, createSoapService } from '@postern/soap-rpc';
import { afterThisTest } from './directory.ts';
import { serveRange } from './image-server.ts';
import { IMAGE, sha256 } from './software.ts';
import type { World } from './world.ts';

/** The node above, as far as an intermediary sees it: delivers requests at least once, acknowledges, serves images. */
export class ScriptedServer {
  readonly polls: uplink.Poll[] = [];
  readonly peers = new Set<string>();
  readonly responses = new Map<string, uplink.ResponseBody>();
  readonly notices: uplink.DelayNotice[] = [];
  readonly imageRequests: string[] = [];
  readonly deliveries: uplink.Deliver[] = [];
  devices: readonly uplink.DeviceChange[] = [];
  /** Sends a request again although it was acknowledged. */
  readonly stubborn = new Set<string>();
  url = '';
  readonly #waiting: uplink.Request[] = [];
  #wakeHeld: () => void = () => {};
  #changed: () => void = () => {};
  #devicesRevision = 0;

  static async start(world: World): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    const node = await world.enrol({ role: 'server', name: 'server-1' });
    const service = createSoapService(
      uplinkContract,
      {
        Poll: (poll, { peer, signal }) => {
          server.peers.add(`${peer?.role} ${peer?.name}`);
          return server.#answer(poll, signal);
        },
        Deliver: async (delivery) => {
          server.deliveries.push(delivery);
          server.#changed();
          return { inReplyTo: delivery.deliveryId, outcome: 'succeeded' as const, text: 'noted' };
        },
      },
      { logger: silentLogger },
    );
    const listener = await createSoapListener({
      services: { '/uplink': service },
      routes: {
        '/images/': (request, response) => {
          server.imageRequests.push(request.url ?? '');
          const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
          if (request.url === `/images/${sha256(IMAGE)}`) serveRange(response, IMAGE, offset);
          else response.writeHead(404).end();
        },
      },
      tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
      peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: silentLogger,
      limits: { closeTimeout: Seconds(0.1) },
    });
    server.url = `https://127.0.0.1:${listener.port}/uplink`;
    afterThisTest(() => listener.close());
    return server;
  }

  /** Orders something of a node. */
  request(requestId: string, target: string, body: uplink.RequestBody, expiresInSeconds = 60): void {
    this.#waiting.push({ requestId, target, expiresInSeconds, body });
    this.#wakeHeld();
  }

  /** The answer to a request, as soon as it is there. */
  async answer(requestId: string): Promise<uplink.ResponseBody> {
    await this.until(() => this.responses.has(requestId));
    return this.responses.get(requestId) as uplink.ResponseBody;
  }

  /** Waits for polls until something holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  async #answer(poll: uplink.Poll, signal: AbortSignal): Promise<uplink.PollResponse> {
    this.#wakeHeld();
    this.polls.push(poll);
    for (const id of poll.received?.id ?? []) this.#forget(id);
    const responses = poll.responses?.response ?? [];
    for (const { requestId, body } of responses) this.responses.set(requestId, body);
    this.notices.push(...(poll.delayNotices?.delayNotice ?? []));
    if (poll.devices !== undefined) {
      this.devices = poll.devices.device;
      this.#devicesRevision = poll.devices.revision;
    }
    this.#changed();
    if (poll.holdSeconds > 0 && this.#waiting.length === 0) await this.#hold(poll.holdSeconds, signal);
    return {
      nextPollSeconds: 0,
      acknowledged: { id: responses.map(({ requestId }) => requestId) },
      requests: { request: [...this.#waiting] },
      devicesRevision: this.#devicesRevision,
    };
  }

  #forget(requestId: string): void {
    if (this.stubborn.delete(requestId)) return;
    const index = this.#waiting.findIndex((request) => request.requestId === requestId);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  async #hold(seconds: number, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.#wakeHeld = resolve;
    });
    signal.addEventListener('abort', () => ending.abort(), { once: true });
    await Promise.race([woken, sleep(systemClock, Seconds(seconds), ending.signal).catch(() => {})]);
    ending.abort();
  }
}
