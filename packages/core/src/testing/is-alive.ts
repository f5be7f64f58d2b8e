/** Whether there is a process with this number, be it ours or another's. */
export const isAlive = (pid: number): boolean => {
  try {
    // Signal 0 is sent to nobody: it only asks.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
