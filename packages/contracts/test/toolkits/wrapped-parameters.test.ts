import { expect, test } from '@jest/globals';
import {
  deviceContract,
  type ElementMember,
  intermediaryContract,
  operatorContract,
  schema,
  uplinkContract,
} from '@postern/contracts';

/**
 * Toolkits that turn a wrapped operation into a function take a name that stands in request and answer for one parameter
 * that goes in and comes out (JAX-WS 2.2, 2.3.1.2); wsimport refuses the contract when the two are not alike.
 */
test.each([deviceContract, intermediaryContract, operatorContract, uplinkContract])(
  '$file: what has the same name in request and answer is the same',
  ({ operations }) => {
    const different = Object.values(operations).flatMap(({ request, response }) => {
      const answered = membersOf(response);
      return membersOf(request).filter((member) => {
        const other = answered.find(({ name }) => name === member.name);
        return other !== undefined && describe(other) !== describe(member);
      });
    });
    expect(different).toEqual([]);
  },
);

const membersOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => {
  const element = Object.values(schema.elements).find((it) => it.namespace === namespace && it.name === name);
  const members = schema.complexTypes[element?.type ?? '']?.members ?? [];
  return members.filter((member): member is ElementMember => member.kind === 'element');
};

const describe = ({ type, min, max }: ElementMember): string => `${type} ${min} ${max}`;
