/**
 * `npm run simulate -- --seeds N [--from S] [--workers W]`: runs the schedules of N seeds in all cores. One summary line
 * at the end; exit code 1 when something happened that must never happen. `--seed S [--verbose]` runs one again and tells
 * its story. `--json`: the summary as one JSON object.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSchedule, Tally } from '../dist/simulation/index.js';

/** Marks a worker: a process of its own, since threads of one process hold each other up. */
const WORKER = '--worker';
/** Seeds that a worker takes at a time. */
const BATCH = 25;
/** Failing seeds whose stories are told. */
const TOLD = 3;
const PROGRESS_EVERY = 5_000;

const OPTIONS = {
  seeds: { type: 'string', default: '1000' },
  from: { type: 'string', default: '1' },
  workers: { type: 'string', default: String(availableParallelism()) },
  seed: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
};

const say = (line) => process.stderr.write(`${line}\n`);

/** Runs one seed and tells of it whatever there is to tell. */
const replay = async (seed, verbose) => {
  const { violations, story, schedule, tally, lasted } = await runSchedule(seed, { story: true });
  const failed = violations.length > 0;
  if (verbose || failed) {
    say(`Seed ${seed}: ${JSON.stringify(schedule)}`);
    for (const line of verbose ? story : story.slice(-60)) say(line);
  }
  for (const violation of violations) say(`Seed ${seed}: ${violation}`);
  if (failed) say(`Replay: npm run simulate -- --seed ${seed} --verbose`);
  else say(`Seed ${seed}: nothing wrong in ${lasted} s; ${JSON.stringify(tally)}`);
  return failed;
};

/** A worker: runs batches of seeds as they come. */
const work = () => {
  Error.stackTraceLimit = 0;
  process.on('message', async ({ from, count }) => {
    const tally = new Tally();
    const failing = [];
    for (let seed = from; seed < from + count; seed++) {
      const report = await runSchedule(seed);
      tally.add(report.tally);
      if (report.violations.length > 0) failing.push({ seed, violations: report.violations });
    }
    process.send({ count, tally: tally.toJSON(), failing });
  });
};

/** Runs all seeds; resolves with the figures. */
const runAll = (from, seeds, workers) =>
  new Promise((resolve, reject) => {
    const end = () => {
      for (const worker of processes) if (worker.connected) worker.disconnect();
    };
    const fail = (error) => {
      end();
      reject(error);
    };
    const tally = new Tally();
    const failing = [];
    const began = performance.now();
    let [next, done, told] = [from, 0, 0];
    const processes = Array.from({ length: Math.min(workers, Math.ceil(seeds / BATCH)) }, () => {
      const worker = fork(fileURLToPath(import.meta.url), [WORKER]);
      const give = () => {
        const count = Math.min(BATCH, from + seeds - next);
        if (count <= 0) return;
        worker.send({ from: next, count });
        next += count;
      };
      worker.on('error', fail);
      worker.on('exit', (code) => {
        if (done < seeds) fail(new Error(`A worker ended with code ${code}`));
      });
      worker.on('message', (result) => {
        done += result.count;
        tally.add(result.tally);
        failing.push(...result.failing);
        for (const { seed, violations } of result.failing) say(`Seed ${seed}: ${violations[0]}`);
        const elapsed = performance.now() - began;
        if (elapsed - told > PROGRESS_EVERY) {
          told = elapsed;
          say(`${done} of ${seeds} schedules, ${failing.length} failing, ${rate(done, elapsed)} a second`);
        }
        if (done < seeds) return give();
        end();
        resolve({ schedules: done, perSecond: rate(done, elapsed), failing, figures: tally.toJSON() });
      });
      give();
      return worker;
    });
  });

const rate = (count, milliseconds) => Math.round((count / milliseconds) * 10_000) / 10;

const whole = (text, name) => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name} must be a whole number, not ${text}`);
};

const main = async () => {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.seed !== undefined) return replay(whole(values.seed, 'seed'), values.verbose);
  const from = whole(values.from, 'from');
  const summary = await runAll(from, whole(values.seeds, 'seeds'), whole(values.workers, 'workers'));
  const { schedules, perSecond, failing, figures } = summary;
  for (const { seed } of failing.slice(0, TOLD)) await replay(seed, values.verbose);
  if (values.json) process.stdout.write(`${JSON.stringify({ from, ...summary })}\n`);
  else {
    process.stdout.write(
      `${schedules} schedules from seed ${from}, ${failing.length} failing, ${perSecond} a second; ${Object.entries(
        figures,
      )
        .map(([name, times]) => `${name} ${times}`)
        .join(', ')}\n`,
    );
  }
  return failing.length > 0;
};

if (process.argv[2] === WORKER) work();
else {
  main().then(
    (failed) => {
      process.exitCode = failed ? 1 : 0;
    },
    (error) => {
      say(String(error?.stack ?? error));
      process.exitCode = 2;
    },
  );
}
