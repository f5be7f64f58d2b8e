import { describe, expect, test } from '@jest/globals';
import {
  type ApplicationMemory,
  applicationsOf,
  requireRunning,
  withApplication,
} from '../../src/domain/applications.ts';

const NAMES = ['copier', 'printer'];

/** @spec D3 */
describe('the applications of a device', () => {
  test('run from the factory on', () => {
    expect(applicationsOf(NAMES, {})).toEqual([
      { name: 'copier', state: 'running' },
      { name: 'printer', state: 'running' },
    ]);
  });

  test('are stopped and started one by one, and nothing else changes', () => {
    const content: ApplicationMemory & { counters: object } = { counters: { pages: 1 } };
    const stopped = withApplication(NAMES, content, { name: 'copier', state: 'stopped' });
    expect(stopped).toEqual({ counters: { pages: 1 }, stoppedApplications: ['copier'] });
    expect(withApplication(NAMES, stopped, { name: 'copier', state: 'stopped' })).toEqual(stopped);
    expect(applicationsOf(NAMES, stopped)[0]).toEqual({ name: 'copier', state: 'stopped' });
    expect(withApplication(NAMES, stopped, { name: 'copier', state: 'running' }).stoppedApplications).toEqual(
      [],
    );
  });

  test('refuse jobs while they are stopped', () => {
    const memory: ApplicationMemory = { stoppedApplications: ['copier'] };
    expect(() => requireRunning(NAMES, memory, 'printer')).not.toThrow();
    expect(() => requireRunning(NAMES, memory, 'copier')).toThrow(
      expect.objectContaining({ code: 'application-stopped' }),
    );
  });

  test('are known by the profile only', () => {
    const unknown = expect.objectContaining({ code: 'application-unknown' });
    expect(() => requireRunning(NAMES, {}, 'toaster')).toThrow(unknown);
    expect(() => withApplication(NAMES, {}, { name: 'toaster', state: 'stopped' })).toThrow(unknown);
  });
});
