import type { StepObserver } from '@postern/contracts';
import { type Clock, type Entropy, randomId } from '@postern/core';
import type { Party } from '@postern/software-update';
import type { Panel } from '../domain/panel.ts';
import type { PanelOrderResult } from '../domain/panel-order.ts';
import { type CallResult, LAST_STEPS, type ServiceCall } from '../domain/service-calls.ts';
import { type DeviceErrorCode, deviceError } from '../errors.ts';
import type { OrderUpdate } from '../program.ts';
import type { EngineControl } from './engine-control.ts';
import type { EngineJob, JobOrder } from './engine-types.ts';
import type { PlaceCall, SystemControl } from './system-control.ts';

/** What the keys of a panel reach while the firmware runs. */
export interface BehindPanel {
  readonly engine: EngineControl;
  readonly system: SystemControl;
  readonly orderUpdate: OrderUpdate;
  readonly placeCall: PlaceCall;
}

export interface OperationOptions {
  readonly deviceId: string;
  readonly panel: Panel;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly onStep?: StepObserver | undefined;
  /** `undefined` while the firmware does not run. */
  readonly behind: () => BehindPanel | undefined;
  /** Told of what came of an order and of a call. */
  readonly onResult: (result: PanelResult) => void;
}

export type PanelResult =
  | ({ readonly type: 'order' } & PanelOrderResult)
  | ({ readonly type: 'call' } & CallResult);

/** What the energy-saver key came to. `needed`: the engine has work, starts, or is out of order. */
export type EnergySaverResult = 'saving' | 'waking' | 'needed';

/** Longer reasons are cut: nobody reads more on a display. */
const LONGEST_REASON = 200;

/**
 * Operation control (OCS, Fig 7): the control panel with its display and keys. It outlives power cycles, as a panel does.
 *
 * @spec D1
 */
export class OperationControl {
  readonly #options: OperationOptions;
  #order: Promise<PanelOrderResult> | undefined;
  #call: Promise<CallResult> | undefined;

  constructor(options: OperationOptions) {
    this.#options = options;
  }

  /** Whether a call is under way. */
  get calling(): boolean {
    return this.#call !== undefined;
  }

  /** The update key; pressed again while an order is under way, it gives that one's result. Never rejects. */
  orderUpdate(generator: Party): Promise<PanelOrderResult> {
    this.#order ??= this.#placeOrder(generator).finally(() => {
      this.#order = undefined;
    });
    return this.#order;
  }

  /**
   * The user-call key (S701); pressed again while a call is under way, it is that call. Never rejects.
   *
   * @spec R6 R7 R8
   */
  callService(reason: string): Promise<CallResult> {
    this.#call ??= this.#placeCall(reason).finally(() => {
      this.#call = undefined;
    });
    return this.#call;
  }

  /**
   * The energy-saver key: into energy saving, and back.
   *
   * @throws PosternError `firmware-not-running`
   * @spec D2
   */
  pressEnergySaver(): EnergySaverResult {
    const { engine } = this.#behind();
    if (engine.state === 'energy-saving') {
      engine.wake();
      return this.#shown('Waking …', 'waking');
    }
    return engine.saveEnergy()
      ? this.#shown('Energy saving', 'saving')
      : this.#shown('No energy saving now: the engine is needed', 'needed');
  }

  /**
   * The start key: a job of the device, a copy say.
   *
   * @throws PosternError those of {@link OperationControl.startJob}
   */
  pressStart(order: JobOrder): EngineJob {
    const job = this.startJob(order);
    const { panel } = this.#options;
    const name = `Job ${job.id} (${job.kind})`;
    panel.show(`${name} taken`);
    void job.ended.then((how) => how !== 'lost' && panel.show(`${name} ${how}`));
    return job;
  }

  /**
   * A job of one of the device's applications, from wherever it comes.
   *
   * @throws PosternError `firmware-not-running`, `engine-queue-full`, and those of `SystemControl.jobFor`
   */
  startJob(order: JobOrder): EngineJob {
    const { engine, system } = this.#behind();
    return engine.start(system.jobFor(order));
  }

  #behind(): BehindPanel {
    const behind = this.#options.behind();
    if (behind !== undefined) return behind;
    const { deviceId } = this.#options;
    throw deviceError('firmware-not-running', `The firmware of ${deviceId} does not run`);
  }

  #shown<T>(line: string, result: T): T {
    this.#options.panel.show(line);
    return result;
  }

  async #placeOrder(generator: Party): Promise<PanelOrderResult> {
    const { panel, behind, onResult } = this.#options;
    const place = behind()?.orderUpdate ?? this.#noFirmware;
    panel.show('Ordering an update …');
    const result = await place(generator);
    panel.show(result.text);
    onResult({ type: 'order', ...result });
    return result;
  }

  async #placeCall(reason: string): Promise<CallResult> {
    const { clock, entropy, panel, behind, onResult } = this.#options;
    const call = { callId: `call-${randomId(entropy)}`, at: clock.now(), reason: reasonOf(reason) };
    const pressed = behind();
    this.#step('S701', call);
    panel.show('Calling service …');
    const result = await (pressed === undefined
      ? this.#callWithoutFirmware(call)
      : pressed.system.callService(call, pressed.placeCall));
    panel.show(result.text);
    const shown = LAST_STEPS[result.outcome].at(-1);
    if (pressed !== undefined && shown !== undefined) this.#step(shown, call);
    onResult({ type: 'call', ...result });
    return result;
  }

  #step(step: 'S701' | (typeof LAST_STEPS)[keyof typeof LAST_STEPS][number], { callId }: ServiceCall): void {
    this.#options.onStep?.({ step, node: this.#options.deviceId, subject: callId });
  }

  readonly #noFirmware: OrderUpdate = async () => ({
    orderId: '',
    outcome: 'failed',
    code: 'firmware-not-running' satisfies DeviceErrorCode,
    text: `No update: the firmware of ${this.#options.deviceId} does not run`,
  });

  async #callWithoutFirmware({ callId }: ServiceCall): Promise<CallResult> {
    const code: DeviceErrorCode = 'firmware-not-running';
    const text = `The call failed: the firmware of ${this.#options.deviceId} does not run`;
    return { callId, outcome: 'unanswered', code, text };
  }
}

const reasonOf = (given: string): string => {
  const reason = given.trim().slice(0, LONGEST_REASON);
  return reason === '' ? 'Service is wanted' : reason;
};
