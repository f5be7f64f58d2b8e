import { decodeDocument, elementCodec, schema } from '@postern/contracts';
import { leavesOf, toPlain } from '../../toolkits/plain-values.ts';
import type { ExampleCall } from '../../toolkits/recording-service.ts';
import { jaxWs } from './jax-ws.ts';
import { nodeSoap, php, strongSoap, zeep } from './scripted-toolkits.ts';
import type { Outcome, Toolkit } from './toolkit.ts';

/** Every toolkit of this folder. */
export const allToolkits = (): readonly Toolkit[] => [zeep, php, nodeSoap, strongSoap, jaxWs()];

/** What the toolkit has read, in a form that does not depend on how it names and nests it. */
export const understood = (
  { answer, answerXml }: Outcome,
  { answerKey, answerType }: Pick<ExampleCall, 'answerKey' | 'answerType'>,
): readonly string[] =>
  answerXml === undefined
    ? leavesOf(answer ?? null)
    : leavesOf(
        toPlain(
          answerType,
          decodeDocument(elementCodec<unknown>(schema, answerKey), Buffer.from(answerXml, 'base64')),
        ),
      );
