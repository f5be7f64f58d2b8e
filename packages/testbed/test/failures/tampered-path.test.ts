import { describe, expect, it } from '@jest/globals';
import type { TamperingRules } from '@postern/testbed';
import {
  afterPowerCycle,
  ended,
  openPrinterSite,
  order,
  PRINTER,
  RELEASE,
  secureConnections,
  TRAIL,
  targetRecord,
  trail,
  VERIFIED,
} from '../support/printer-site.ts';

const TO_TRANSFER = [...TRAIL.ordered, ...TRAIL.shared, ...TRAIL.checked];
const TO_END = [...TRAIL.restarted, ...TRAIL.verified, ...TRAIL.erased, ...TRAIL.reported];
const OLD = { program: 'firmware', version: '1.0.0' };
const NEW = { program: 'firmware', version: '2.0.0' };
const LENGTH = RELEASE.content.length;
const HALF = LENGTH / 2;

const tamperedUpdate = async (rules: TamperingRules) => {
  const site = await openPrinterSite({ printer: { rules } });
  const update = await order(site);
  return { site, end: await ended(site, update), steps: await trail(site, update) };
};

const uploads = (site: Awaited<ReturnType<typeof openPrinterSite>>): readonly number[] =>
  site
    .taps(PRINTER)
    .proxy.capture()
    .data.filter(({ direction }) => direction === 'up')
    .map(({ total }) => total);

/** @spec X1 U4 U10 B1 */
describe('an image that is altered on the bulk path', () => {
  it('is refused; the next transfer, under the same password, is verified', async () => {
    const { site, end, steps } = await tamperedUpdate({ flipByte: { upload: 1, offset: 1_000 } });
    expect(end).toEqual(VERIFIED);
    expect(steps).toEqual([...TO_TRANSFER, 'S112 failed: digest-mismatch', ...TRAIL.transferred, ...TO_END]);
    expect(uploads(site)).toEqual([LENGTH, LENGTH]);
    // One to share, one to erase: the password was not shared again.
    expect(secureConnections(site)).toBe(2);
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });

  it('every time, ends the update and installs nothing', async () => {
    const { site, end, steps } = await tamperedUpdate({ flipByte: { upload: 'every', offset: 1_000 } });
    expect(end).toEqual({ state: 'failed', failure: 'digest-mismatch', credential: 'erased' });
    expect(steps).toEqual([
      ...TO_TRANSFER,
      'S112 failed: digest-mismatch',
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    expect(uploads(site)).toEqual([LENGTH, LENGTH, LENGTH]);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });

  it('into one without an end, is refused at the first byte too many', async () => {
    const { site, end, steps } = await tamperedUpdate({ appendEndless: { upload: 'every' } });
    expect(end).toEqual({ state: 'failed', failure: 'too-long', credential: 'erased' });
    expect(steps).toContain('S112 failed: too-long');
    expect((await targetRecord(site)).installation.kind).toBe('none');
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });
});

/** @spec X5 */
describe('a transfer that is interrupted', () => {
  it.each<[string, TamperingRules]>([
    ['by a truncation that looks like a regular end', { truncate: { upload: 1, bytes: HALF } }],
    ['by a cut', { cutAt: { bytes: HALF, times: 1 } }],
  ])('%s goes on where it stopped', async (_how, rules) => {
    const { site, end, steps } = await tamperedUpdate(rules);
    expect(end).toEqual(VERIFIED);
    expect(steps.filter((step) => step.startsWith('S112 failed'))).toHaveLength(1);
    const [first = 0, second = 0, ...more] = uploads(site);
    expect(more).toEqual([]);
    expect(first).toBeGreaterThanOrEqual(HALF);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(HALF);
    expect(secureConnections(site)).toBe(2);
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });
});

/** @spec X2 U2 U7 */
describe('a version report that is altered on the bulk path', () => {
  const reporting = (change: (report: string, read: number) => string): TamperingRules => {
    let read = 0;
    return {
      rewriteDownload: (name, content) => {
        if (!name.startsWith('version-report')) return content;
        read += 1;
        return Buffer.from(change(content.toString('utf8'), read));
      },
    };
  };
  const FORGED = { state: 'failed', failure: 'version-report-forged', credential: 'erased' };

  it('to hide that the device needs the update, is no "not required"', async () => {
    const { site, end, steps } = await tamperedUpdate(
      reporting((report) => report.replace('firmware=1.0.0', 'firmware=2.0.0')),
    );
    expect(end).toEqual(FORGED);
    expect(steps).not.toContain('S110');
    expect(uploads(site)).toEqual([]);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });

  it('to fake the success of an update that the device undid, is not "verified"', async () => {
    const site = await openPrinterSite({
      printer: {
        faults: { ignoreUpdates: 99 },
        rules: reporting((report, read) =>
          read === 1 ? report : report.replace('firmware=1.0.0', 'firmware=2.0.0'),
        ),
      },
    });
    const update = await order(site);
    expect(await ended(site, update)).toEqual(FORGED);
    const steps = await trail(site, update);
    expect(steps).toContain('S117 failed: version-report-forged');
    expect(steps).not.toContain('S119');
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });

  it('by replaying the report of the moment before, is not "verified"', async () => {
    let earlier = '';
    const { end } = await tamperedUpdate(
      reporting((report, read) => {
        if (read === 1) earlier = report;
        return earlier;
      }),
    );
    expect(end).toEqual(FORGED);
  });

  it('once, costs one more reading', async () => {
    const { end, steps } = await tamperedUpdate(
      reporting((report, read) => (read === 1 ? report.replace('@hmac=', '@hmac=00') : report)),
    );
    expect(end).toEqual(VERIFIED);
    expect(steps).toContain('S108 failed: version-report-forged');
  });
});
