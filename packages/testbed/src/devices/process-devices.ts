import type { CallResult, PanelOrderResult } from '@postern/device-emulator';
import type { ControlledDevice } from './controlled-device.ts';

/** An object that a process printed. */
export type ProcessEvent = Readonly<Record<string, unknown>>;

/** Sends a command to the process of the devices. @returns the answer @throws PosternError with the process's code */
export type AskProcess = (command: object) => Promise<ProcessEvent>;

/** Lines of a panel that are kept; the panel itself shows fewer. */
const MOST_LINES = 100;

interface Seen {
  versions: Readonly<Record<string, string>>;
  panel: readonly string[];
}

/** The devices of a process, as its events tell of them. */
export class ProcessDevices {
  readonly #ask: AskProcess;
  readonly #seen = new Map<string, Seen>();

  constructor(ask: AskProcess) {
    this.#ask = ask;
  }

  /** Takes an event of the process: what it says of a device is remembered. */
  readonly observe = ({ event, id, type, versions, line }: ProcessEvent): void => {
    if (event !== 'device' || typeof id !== 'string') return;
    const seen = this.#of(id);
    if (type === 'started' && isVersions(versions)) seen.versions = versions;
    if (type === 'stopped' || type === 'halted' || type === 'restarting') seen.versions = {};
    if (type === 'panel' && typeof line === 'string') seen.panel = [...seen.panel, line].slice(-MOST_LINES);
  };

  /** The process is gone, and with it the power of all its devices. */
  ended(): void {
    for (const seen of this.#seen.values()) seen.versions = {};
  }

  device(id: string): ControlledDevice {
    const seen = this.#of(id);
    const press = (command: string, rest: object = {}): Promise<ProcessEvent> =>
      this.#ask({ command, device: id, ...rest });
    return {
      id,
      get versions() {
        return seen.versions;
      },
      get panel() {
        return seen.panel;
      },
      powerOn: async () => void (await press('power-on')),
      powerOff: async () => void (await press('power-off')),
      setFaults: async (faults) => void (await press('faults', { faults })),
      callService: async ({ reason = '' } = {}) =>
        (await press('call-service', { reason })) as unknown as CallResult,
      orderUpdate: async () => (await press('order-update')) as unknown as PanelOrderResult,
    };
  }

  #of(id: string): Seen {
    const seen = this.#seen.get(id) ?? { versions: {}, panel: [] };
    this.#seen.set(id, seen);
    return seen;
  }
}

const isVersions = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((version) => typeof version === 'string');
