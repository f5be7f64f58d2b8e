import { codecCatalogue } from '@postern/contracts';
import { PosternError } from '@postern/core';
import { DEVICE_ERRORS } from '@postern/device-emulator';
import { INTERMEDIARY_ERRORS } from '@postern/intermediary';
import { SERVER_ERRORS } from '@postern/management-server';
import { isRemoteFault, type RemoteFault, serviceCatalogue } from '@postern/soap-rpc';
import { UPDATE_ERRORS } from '@postern/software-update';
import { TESTBED_ERRORS, type TestbedCode } from '../errors.ts';

/** The target does not do what the contract says. */
export const failed = (reason: string, next: string): PosternError<TestbedCode> =>
  new PosternError('not-conforming', reason, { hint: next });

/** The target does not claim to do this. */
export const notOffered = (reason: string, next?: string): PosternError<TestbedCode> =>
  new PosternError('not-offered', reason, next === undefined ? {} : { hint: next });

/** It cannot be found out without something that was not given. */
export const skipped = (reason: string, next: string): PosternError<TestbedCode> =>
  new PosternError('not-checked', reason, { hint: next });

const DOCUMENTED: ReadonlySet<string> = new Set(
  [
    codecCatalogue,
    serviceCatalogue,
    UPDATE_ERRORS,
    DEVICE_ERRORS,
    INTERMEDIARY_ERRORS,
    SERVER_ERRORS,
    TESTBED_ERRORS,
  ].flatMap((catalogue) => Object.keys(catalogue)),
);

/** Codes with which a target says that it has no such operation. */
export const NOT_OFFERED: readonly string[] = ['not-offered', 'operation-unknown'];

/** How a call was refused. Anything but a fault goes on as it is. */
export const refusalOf = async (answer: Promise<unknown>, what: string): Promise<RemoteFault> => {
  try {
    await answer;
  } catch (error) {
    if (isRemoteFault(error)) return error;
    throw error;
  }
  throw failed(`${what} was accepted`, 'Answer it with a SOAP Fault and change nothing.');
};

/** That a fault says why in a way that programs understand. */
export const requireDocumented = ({ code, message }: Pick<RemoteFault, 'code' | 'message'>): void => {
  if (code === 'soap-fault') {
    throw failed(
      `The fault has no Failure in its detail: ${JSON.stringify(message.slice(0, 100))}`,
      'Put the element Failure of urn:postern:types:1 (code, message) into the detail of every Fault.',
    );
  }
  if (code === 'internal-error') {
    throw failed('The service failed by itself', 'See its log; refuse with a code that names the reason.');
  }
  if (!DOCUMENTED.has(code)) {
    throw failed(`The code ${code} is not documented`, 'Use a code of docs/errors.md.');
  }
};

/** Passes what is answered by the contract, or refused with a documented code. */
export const answeredOrRefused = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!isRemoteFault(error) || NOT_OFFERED.includes(error.code)) throw error;
    requireDocumented(error);
  }
};

/** Passes a call that is refused with a documented code. */
export const refusedWithReason = async (call: Promise<unknown>, what: string): Promise<void> => {
  const fault = await refusalOf(call, what);
  if (NOT_OFFERED.includes(fault.code)) throw fault;
  requireDocumented(fault);
};
