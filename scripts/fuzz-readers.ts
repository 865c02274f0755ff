/**
 * Coverage-guided fuzzing of the archive readers:
 * `pnpm fuzz:readers [--target NAME]… [--minutes N] [--runs N] [--seed S] [--folder DIR] [--replay FILE]`.
 *
 * Each target runs for so many minutes (or inputs), one after the other. Exit 0: no failure. Exit 1: a crash, a hang,
 * too much memory, or a promise that was not kept; the input is left in the target's `failures`. Exit 2: usage, or the
 * fuzzer cannot run here. What was found to reach new code is kept and is where the next run starts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parsers } from '../test/differential/oracles/parsers.ts';
import { check } from '../test/fuzz/check.ts';
import { corpusOf, run, type Outcome, type Status } from './coverage-fuzzer.ts';
import { failureOf, minimise } from '../test/fuzz/guided/minimise.ts';
import { whyNot } from '../test/fuzz/guided/platform.ts';
import { plantedTarget, targets, type Target } from '../test/fuzz/guided/targets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const all: Readonly<Record<string, Target>> = { ...targets, planted: plantedTarget };

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: Object.keys(targets) },
    minutes: { type: 'string', default: '2' },
    runs: { type: 'string', default: '0' },
    seed: { type: 'string' },
    folder: { type: 'string', default: join(root, '.fuzz/readers') },
    replay: { type: 'string' },
  },
});
const seed = Number(values.seed ?? 1 + (Date.now() % 1_000_000_007));
const minutes = Number(values.minutes);
const executions = Number(values.runs);
const unknown = values.target.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0 || !(seed > 0) || !(minutes > 0) || !(executions >= 0)) {
  console.error(
    `usage: fuzz:readers [--target ${Object.keys(all).join('|')}]… [--minutes N] [--runs N] [--seed S] [--folder DIR] [--replay FILE]`,
  );
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exitCode = values.replay === undefined ? await fuzzAll() : replay(values.replay);

async function fuzzAll(): Promise<number> {
  const reason = whyNot();
  if (reason !== undefined) {
    console.error(`fuzz:readers: ${reason}`);
    return 2;
  }
  let failed = false;
  for (const name of values.target) failed = !(await fuzzOne(name, all[name]!)) || failed;
  return failed ? 1 : 0;
}

async function fuzzOne(name: string, target: Target): Promise<boolean> {
  const folder = join(resolve(values.folder), name);
  const outcome = await run({
    name,
    folder,
    seeds: await target.seeds(),
    seed,
    maxBytes: target.maxBytes,
    seconds: Math.max(1, Math.round(minutes * 60)),
    executions,
    onStatus: (status) => console.log(`${name}: ${shown(status)}`),
  });
  report(name, outcome);
  if (outcome.failure) {
    keep(name, target, outcome.failure);
    return false;
  }
  return target.isTarball === true ? compare(name, target, folder) : true;
}

function report(name: string, outcome: Outcome): void {
  const { executions: count, first, last, seconds, maxRssMiB } = outcome;
  const from = first ? `${first.edges} edges, ${first.features} features of the seeds; ` : '';
  const reached = last ? shown({ ...last, executions: count }) : 'nothing ran';
  const rate = Math.round(count / seconds);
  console.log(
    `${name}, seed ${seed}: ${from}${reached}; ${Math.round(seconds)} s, ${rate} a second, at most ${maxRssMiB} MiB`,
  );
}

function shown({ executions: count, edges, features, corpus }: Status): string {
  return `${count} inputs, ${edges} edges, ${features} features, corpus ${corpus}`;
}

/** Reports a failure and leaves a smaller input beside it, where the failure can be had in this process. */
function keep(name: string, target: Target, failure: NonNullable<Outcome['failure']>): void {
  const { kind, file, detail } = failure;
  console.log(`${name}: ${kind}\n${detail}`);
  if (file === '') return;
  let left = file;
  if (kind === 'crash') {
    const small = minimise(target.fuzz, readFileSync(file));
    left = `${file}.min`;
    writeFileSync(left, small);
    if (target.archiveOf) writeFileSync(`${file}.archive`, target.archiveOf(small));
  }
  console.log(`kept as ${left}\nagain: pnpm fuzz:readers --target ${name} --replay ${left}`);
}

/** Other parsers have to read the accepted archives of the corpus in the same way. */
async function compare(name: string, target: Target, folder: string): Promise<boolean> {
  let accepted = 0;
  const failures: string[] = [];
  const inputs = corpusOf(folder);
  for (const input of inputs) {
    const { verdict, failure } = await check(target.archiveOf!(input), parsers);
    if (verdict?.status === 'accept') accepted++;
    if (!failure) continue;
    const file = join(folder, 'failures', `${failure.kind}-${failures.length}`);
    writeFileSync(file, input);
    writeFileSync(`${file}.archive`, target.archiveOf!(input));
    failures.push(`${failure.kind}: ${failure.detail}\nkept as ${file}`);
  }
  console.log(
    `${name}: ${accepted} of ${inputs.length} inputs in the corpus are accepted, ${failures.length} fail with ${parsers.map((parser) => parser.name).join(', ')}`,
  );
  for (const failure of failures) console.log(failure);
  return failures.length === 0;
}

function replay(file: string): number {
  const [name = ''] = values.target;
  const { fuzz } = all[name]!;
  const data = readFileSync(file);
  const failure = failureOf(fuzz, data);
  console.log(`${name}: ${failure ?? 'no failure'}`);
  if (failure !== undefined) fuzz(data);
  return 0;
}
