import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { StepLog } from '../../src/topology/step-log.ts';

const logged = () => {
  const clock = new VirtualClock();
  return { clock, log: new StepLog(clock) };
};

test('tells the steps of one request in their order', () => {
  const { log } = logged();
  log.observe({ step: 'S601', node: 'site-a' });
  log.observe({ step: 'S602', node: 'server', subject: 'r-1' });
  log.observe({ step: 'S602', node: 'server', subject: 'r-2' });
  log.observe({ step: 'S603', node: 'site-a', subject: 'r-1' });
  expect(log.of('r-1')).toEqual(['S602 server', 'S603 site-a']);
  expect(log.print()).toBe('S601 site-a\nS602 server r-1\nS602 server r-2\nS603 site-a r-1');
  log.clear();
  expect(log.print()).toBe('');
});

test('waits for a step, and finds one that was taken before', async () => {
  const { log } = logged();
  const reached = log.reached({ step: 'S703', node: 'printer-1' });
  log.observe({ step: 'S703', node: 'printer-2' });
  log.observe({ step: 'S703', node: 'printer-1', subject: 'call' });
  expect(await reached).toEqual({ step: 'S703', node: 'printer-1', subject: 'call' });
  expect(await log.reached({ step: 'S703', subject: 'call' })).toMatchObject({ node: 'printer-1' });
});

test('a step that does not come is told with those that came', async () => {
  const { clock, log } = logged();
  const reached = log.reached({ step: 'S705' }, Seconds(5));
  log.observe({ step: 'S704', node: 'site-a', subject: 'call' });
  const failed = expect(reached).rejects.toMatchObject({
    code: 'expectation-unmet',
    message: 'S705 did not come; what came:\nS704 site-a call',
  });
  await clock.advance(Seconds(6));
  await failed;
});
