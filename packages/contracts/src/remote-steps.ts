/**
 * The steps of Fig 10 (a request of the server) and Fig 11 (a request of a device), by their numbers. Each is told by
 * the node that takes it; updates have steps of their own in their journals.
 */
export const REMOTE_STEPS = {
  S601: 'poll sent to the node above',
  S602: 'request sent down as the answer to a poll',
  S603: 'request sent to the device',
  S604: 'request handed to the system control of the device',
  S605: 'counters read from NV-RAM',
  S606: 'result handed back to remote service',
  S607: 'response sent to the intermediary',
  S608: 'response sent up',

  S701: 'user-call key pressed',
  S702: 'call handed to remote service',
  S703: 'call sent to the intermediary',
  S704: "call sent up with the intermediary's identification",
  // A: the server answers.
  S705: 'result of the call sent down',
  S706: 'result of the call sent to the device',
  S707: 'result handed to the system control',
  S708: 'result shown on the panel',
  // B: the server is silent.
  S709: 'the intermediary answers that the call failed',
  S710: 'failure handed to the system control',
  S711: 'failure shown on the panel',
  // C: the intermediary is silent.
  S712: 'remote service gives the call up',
  S713: 'failure shown on the panel',
} as const;

/** A step of Fig 10 or Fig 11. */
export type RemoteStep = keyof typeof REMOTE_STEPS;

/** A step as it is taken. */
export interface RemoteStepEvent {
  readonly step: RemoteStep;
  /** The node that takes it. */
  readonly node: string;
  /** The request, or the call, that it belongs to; absent from a poll that carries none. */
  readonly subject?: string;
}

/** A step of an update as its updater has written it to its journal. */
export interface UpdateStepEvent {
  /** Its number in the figures of updates; the catalogue is `STEPS` of software-update. */
  readonly step: string;
  /** The updater. */
  readonly node: string;
  /** The update. */
  readonly subject: string;
  /** The target. */
  readonly device: string;
  readonly outcome: 'started' | 'done' | 'failed';
  readonly direction: 'to-device' | 'from-device' | 'to-server' | 'from-server' | 'inside';
  /** Why it failed. */
  readonly code?: string;
}

/** A step of any kind. Those of updates have an outcome. */
export type StepEvent = RemoteStepEvent | UpdateStepEvent;

/** Told of every step, in the order in which one node takes them. Must not throw. */
export type StepObserver = (event: StepEvent) => void;
