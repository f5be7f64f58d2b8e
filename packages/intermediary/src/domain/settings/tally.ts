import type { uplink } from '@postern/contracts';
import type { DeliverExchange } from '../uplink/deliveries.ts';
import type { PollExchange } from '../uplink/uplink-loop.ts';

/** What the uplink has carried, since this process began: an idle poll costs no write. */
export class Tally {
  readonly #counts = {
    polls: 0,
    'requests-answered': 0,
    'requests-refused': 0,
    'updates-verified': 0,
    'updates-failed': 0,
  };

  /** Counts what goes over the uplink, once the node above has it. */
  counting(above: { readonly poll: PollExchange; readonly deliver: DeliverExchange }): typeof above {
    return {
      poll: async (request, signal) => {
        const answer = await above.poll(request, signal);
        this.#counts.polls += 1;
        const there = new Set(answer.acknowledged?.id);
        for (const { requestId, body } of request.responses?.response ?? []) {
          if (there.has(requestId)) this.#answered(body);
        }
        return answer;
      },
      deliver: async (delivery, signal) => {
        const answer = await above.deliver(delivery, signal);
        if (delivery.body.kind === 'UpdateSoftwareResponse') this.#updated(delivery.body.value.state);
        return answer;
      },
    };
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  #answered(body: uplink.ResponseBody): void {
    this.#counts[body.kind === 'Failure' ? 'requests-refused' : 'requests-answered'] += 1;
    if (body.kind === 'UpdateSoftwareResponse') this.#updated(body.value.state);
  }

  #updated(state: string): void {
    if (state === 'verified') this.#counts['updates-verified'] += 1;
    if (state === 'failed') this.#counts['updates-failed'] += 1;
  }
}
