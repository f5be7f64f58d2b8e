import type { CallResult, DeviceFaults, PanelOrderResult } from '@postern/device-emulator';

/** An emulated device as a test holds it, however the topology runs. */
export interface ControlledDevice {
  readonly id: string;
  /** Versions that run, by component; empty while the device is down. */
  readonly versions: Readonly<Record<string, string>>;
  /** What the display of the panel shows, the newest line last. */
  readonly panel: readonly string[];
  /** Puts the plug in; resolves when it listens. */
  powerOn(): Promise<void>;
  /** Pulls the plug: nothing is saved that is not on its disk already. */
  powerOff(): Promise<void>;
  /** What is wrong with the device from now on, instead of what was: a sound one has `{}`. */
  setFaults(faults: DeviceFaults): Promise<void>;
  /** Presses the user-call key; resolves with what the panel shows in the end. */
  callService(call?: { readonly reason?: string }): Promise<CallResult>;
  /** Presses the update key; resolves with what the panel shows. */
  orderUpdate(): Promise<PanelOrderResult>;
}
