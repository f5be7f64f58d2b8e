/** A hold on all updates but those of one device. */
export interface UpdateHold {
  /** Resolves when no other update is active any more; rejects never. */
  readonly idle: Promise<void>;
  release(): void;
}

/**
 * Which devices' updates may begin or go on now. An intermediary whose own software is updated (U21) holds the updates
 * of devices back before it restarts, and its own ones until it can be their target.
 *
 * @spec U21 U5
 */
export class UpdateGate {
  readonly #heldBack: Set<string>;
  #hold: { readonly exempt: string; readonly onIdle: () => void } | undefined;
  #active: readonly string[] = [];
  #onChange: () => void = () => {};

  /** @param heldBack devices whose updates neither begin nor go on until {@link letGo} */
  constructor(heldBack: readonly string[] = []) {
    this.#heldBack = new Set(heldBack);
  }

  /** Whom to tell that something else may begin or go on now. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Whether an update of the device that was begun may go on. */
  mayGoOn(deviceId: string): boolean {
    return !this.#heldBack.has(deviceId);
  }

  /** Whether a further update of the device may begin. */
  mayBegin(deviceId: string): boolean {
    return this.mayGoOn(deviceId) && (this.#hold === undefined || this.#hold.exempt === deviceId);
  }

  letGo(deviceId: string): void {
    if (this.#heldBack.delete(deviceId)) this.#onChange();
  }

  /** Lets no update begin from now on but those of one device; replaces an earlier hold. */
  hold(exempt: string): UpdateHold {
    let onIdle: () => void = () => {};
    const idle = new Promise<void>((resolve) => {
      onIdle = resolve;
    });
    const hold = { exempt, onIdle };
    this.#hold = hold;
    this.observe(this.#active);
    return {
      idle,
      release: () => {
        if (this.#hold !== hold) return;
        this.#hold = undefined;
        this.#onChange();
      },
    };
  }

  /** Told the devices whose updates are active, whenever that may have changed. */
  observe(active: readonly string[]): void {
    this.#active = active;
    if (this.#hold === undefined) return;
    const { exempt, onIdle } = this.#hold;
    if (active.every((deviceId) => deviceId === exempt)) onIdle();
  }
}
