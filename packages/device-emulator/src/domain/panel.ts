/** Lines that a display keeps; older ones scroll away. */
const MOST_LINES = 20;

/** The display of a device's control panel, as a list of lines. Kept in memory only. */
export interface Panel {
  /** The newest line is the last one. */
  readonly lines: readonly string[];
  show(line: string): void;
}

/** @param onLine told of every line that appears */
export const createPanel = (onLine: (line: string) => void): Panel => {
  let lines: readonly string[] = [];
  return {
    get lines() {
      return lines;
    },
    show: (line) => {
      lines = [...lines, line].slice(-MOST_LINES);
      onLine(line);
    },
  };
};
