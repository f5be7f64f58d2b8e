/** How far a fleet has come. */
export interface FleetProgress {
  /** What has been done to the devices. */
  readonly stage: 'made' | 'started';
  readonly devices: number;
  readonly of: number;
}

/** It is told about so often. */
const STEPS = 20;

/** Tells a count that rises to `of` in about twenty steps, the last one included. */
export const progressOf = (
  stage: FleetProgress['stage'],
  of: number,
  tell: (progress: FleetProgress) => void,
): ((devices: number) => void) => {
  const every = Math.max(1, Math.ceil(of / STEPS));
  return (devices) => {
    if (devices % every === 0 || devices === of) tell({ stage, devices, of });
  };
};

export const progressLine = ({ stage, devices, of }: FleetProgress): string =>
  `Devices ${stage}: ${devices} of ${of}`;
