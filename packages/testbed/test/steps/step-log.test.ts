import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { StepLog } from '../../src/steps/step-log.ts';

const logged = () => {
  const clock = new VirtualClock();
  return { clock, log: new StepLog({ clock }) };
};

test('tells the steps of one request in their order', () => {
  const { log } = logged();
  log.observe({ step: 'S601', node: 'site-a' });
  log.observe({ step: 'S602', node: 'server', subject: 'r-1' });
  log.observe({ step: 'S602', node: 'server', subject: 'r-2' });
  log.observe({ step: 'S603', node: 'site-a', subject: 'r-1' });
  expect(log.of('r-1')).toEqual(['S602 server', 'S603 site-a']);
  expect(log.print().split('\n')).toHaveLength(4);
  log.clear();
  expect(log.print()).toBe('');
});

test('waits for a step, and finds one that was taken before', async () => {
  const { log } = logged();
  const reached = log.reached({ step: 'S703', node: 'printer-1' });
  log.observe({ step: 'S703', node: 'printer-2' });
  log.observe({ step: 'S703', node: 'printer-1', subject: 'call' });
  expect(await reached).toMatchObject({ step: 'S703', node: 'printer-1', subject: 'call' });
  expect(await log.reached({ step: 'S703', subject: 'call' })).toMatchObject({ node: 'printer-1' });
});

test('a step that does not come is told with those that came', async () => {
  const { clock, log } = logged();
  const reached = log.reached({ step: 'S705' }, Seconds(5));
  log.observe({ step: 'S704', node: 'site-a', subject: 'call' });
  const failed = expect(reached).rejects.toMatchObject({
    code: 'expectation-unmet',
    message: expect.stringMatching(/^S705 did not come; what came:\n.*S704 .*site-a → above.* call$/),
  });
  await clock.advance(Seconds(6));
  await failed;
});
