import type { DeviceNode } from './device-node.ts';
import { COUNTED_CODE } from './request-plan.ts';
import type { ServerNode } from './server-node.ts';
import type { World } from './world.ts';

/** Requests that end without anybody knowing whether the device carried them out. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  'outcome-unknown',
  'deadline-exceeded',
  'site-silent',
  'device-unreachable',
]);

const MOST = 1_000;

/** What still has to happen of requests and notices before all is over. */
export function* unsettledRequests(server: ServerNode, devices: readonly DeviceNode[]): Generator<string> {
  for (const { id, state } of server.stores.requests.page({ limit: MOST })) {
    if (!ENDED.has(state)) yield `request ${id} is ${state} at the server`;
  }
  for (const device of devices) {
    const waiting = device.content.notices ?? [];
    if (device.door?.firmware !== undefined && isHeard(device) && waiting.length > 0) {
      yield `${device.id} has notices to send`;
    }
  }
}

/** No command was carried out twice, what was answered was carried out, and each notice came up once. */
export const judgeRequests = (world: World, server: ServerNode, devices: readonly DeviceNode[]): void => {
  const requests = server.stores.requests.page({ limit: MOST });
  for (const { state, kind } of requests) world.tally.count(`requests.${kind} ${state}`);
  for (const device of devices) {
    const commands = requests.filter(({ kind, target }) => kind === 'ExecuteCommand' && target === device.id);
    const answered = commands.filter(({ answer }) => answer?.kind === 'ExecuteCommandResponse').length;
    const uncertain = commands.filter(
      ({ answer, reason }) =>
        reason !== undefined || (answer?.kind === 'Failure' && UNCERTAIN.has(answer.value.code)),
    ).length;
    const raised = device.raised(COUNTED_CODE);
    if (raised.length > answered + uncertain || raised.length < answered) {
      world.violate(
        `${device.id} carried out ${raised.length} of ${commands.length} commands: ${answered} answered, ${uncertain} uncertain`,
      );
    }
    const seen = noticedOf(server, device.id);
    if (new Set(seen).size < seen.length) world.violate(`A notice of ${device.id} came up twice`);
    const last = raised.at(-1);
    if (
      last !== undefined &&
      device.door?.firmware !== undefined &&
      isHeard(device) &&
      !seen.includes(last)
    ) {
      world.violate(`The last notice of ${device.id} never came up`);
    }
  }
};

/** Whether its site takes notices from it: not from one that proves nothing. */
const isHeard = ({ plan: { link } }: DeviceNode): boolean =>
  link.credential === 'password-list' || link.tls !== 'intermediary-authenticated';

/** The numbers of the counted abnormalities of a device, as the server has them. */
const noticedOf = ({ stores }: ServerNode, deviceId: string): readonly string[] =>
  stores.notices
    .page({ limit: MOST, kind: 'NotifyAbnormality', deviceId })
    .map(({ content }) => JSON.parse(content) as { readonly noticeId: string; readonly code: string })
    .filter(({ code }) => code === COUNTED_CODE)
    .map(({ noticeId }) => noticeId);

const ENDED: ReadonlySet<string> = new Set(['answered', 'refused', 'unreachable', 'expired', 'withdrawn']);
