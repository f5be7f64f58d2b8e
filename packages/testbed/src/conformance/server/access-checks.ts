import { randomId } from '@postern/core';
import type { Check } from '../check.ts';
import { documentChecks } from '../soap/document-checks.ts';
import { transportChecks, turnedAway } from '../soap/transport-checks.ts';
import { wsdlCheck } from '../soap/wsdl-check.ts';
import type { OperatorTarget, ServerTarget } from './server-target.ts';

/** Who may use the uplink, beside what every contract demands. */
export const roleChecks: readonly Check<ServerTarget>[] = [
  {
    id: 'role-other',
    title: 'a certificate of another role than intermediary is not answered',
    section: 'A1, docs/implementing-a-client.md',
    level: 'required',
    run: (target, signal) =>
      turnedAway(
        target.asOutsider(signal),
        'Look for the role in the URI of the certificate (urn:postern:intermediary:NAME), and answer 403 not-authorised.',
      ),
  },
];

const OPERATOR_FILE = 'operator.wsdl';
const addressOf = ({ address }: OperatorTarget) => address;

/** Who may use the operators' contract, and what documents it takes. */
export const operatorAccessChecks: readonly Check<ServerTarget>[] = [
  ...[...transportChecks(), wsdlCheck(OPERATOR_FILE, addressOf), ...documentChecks()].map(
    ({ id, title, run, ...check }): Check<ServerTarget> => ({
      ...check,
      id: `operator-${id}`,
      title: `operators: ${title}`,
      run: async (target, signal) => run(target.operator(), signal),
    }),
  ),
  {
    id: 'operator-wrong-token',
    title: 'operators: a wrong token is not answered',
    section: 'docs/operator-contract.md',
    level: 'required',
    run: async (target, signal) =>
      turnedAway(
        target.operator().withToken(randomId(target.entropy), signal),
        'Answer 401 token-required to whoever shows neither the token nor a certificate of the role operator.',
      ),
  },
  {
    id: 'operator-other-role',
    title: 'operators: the certificate of an intermediary is not answered, whatever else is shown',
    section: 'docs/operator-contract.md',
    level: 'required',
    run: async (target, signal) =>
      turnedAway(
        target.operator().asIntermediary(signal),
        'Answer 403 not-authorised to certificates of another role than operator.',
      ),
  },
];
