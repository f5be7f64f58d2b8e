import { cliError } from '../errors.ts';

/** Sockets that a device listens on: the secure path and the bulk path. */
const PER_DEVICE = 2;

/** Calls that are under way, files, and what a process has anyway. */
const RESERVE = 1_000;

/** Fewer need no look at the limit. */
const FEW_DEVICES = 100;

/**
 * Refuses more devices than the process may have sockets for, before any of them is started.
 *
 * @param limit open files that the process may have; `undefined`: not known here
 * @throws PosternError `fd-limit-too-low`
 */
export const requireDescriptors = (
  devices: number,
  limit: () => number | undefined = openFilesLimit,
): void => {
  if (devices <= FEW_DEVICES) return;
  const needed = devices * PER_DEVICE + RESERVE;
  const allowed = limit();
  if (allowed === undefined || allowed >= needed) return;
  throw cliError(
    'fd-limit-too-low',
    `${devices} devices need about ${needed} open files, and this process may have ${allowed} (ulimit -n ${needed})`,
  );
};

/** Node has raised its own limit as far as it may. Undefined: not known here. */
export const openFilesLimit = (): number | undefined => {
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: unknown } };
  };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : undefined;
};
