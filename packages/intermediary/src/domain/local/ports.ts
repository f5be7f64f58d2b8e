/** Which updates are remembered, finished ones included. */
export interface UpdateHistory {
  /** Identifiers, newest first. */
  newest(limit: number): readonly string[];
  /** The newest update of a device. */
  newestOf(deviceId: string): string | undefined;
}
