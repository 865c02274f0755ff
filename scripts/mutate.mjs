// Mutation testing: `pnpm mutate [--survivors] [--fresh] [PART]…`. Changes one thing at a time in the code that
// decides, and asks whether a unit test notices. Prints the score of each file, folder and part, and leaves
// `.mutation/summary.json`. Exit 1: what ran is below the least score. Exit 2: usage.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { parts } from './mutation-parts.mjs';
import { root } from './workspace.mjs';

/** Percent of the changes that the tests have to notice. */
const LEAST_SCORE = 85;
const folder = join(root, '.mutation');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    survivors: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`usage: mutate [--survivors] [--fresh] [${Object.keys(parts).join('|')}]…`);
  process.exit(2);
}

/** @typedef {{ file: string, killed: number, all: number }} Score */
/** @typedef {{ scores: Score[], survivors: string[] }} Outcome */

/** @type {Record<string, Outcome>} */
const outcomes = {};
process.chdir(root);
const names = positionals.length > 0 ? positionals : Object.keys(parts);
for (const name of names) {
  const outcome = await mutate(name);
  outcomes[name] = outcome;
  print(name, outcome);
  mkdirSync(folder, { recursive: true });
  const summary = { ...readSummary(), [name]: outcome };
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
}
// Nothing to mutate is no score, which is not enough either.
process.exitCode = printTotal(names) >= LEAST_SCORE ? 0 : 1;

/**
 * @param {string} name
 * @returns {Promise<Outcome>}
 */
async function mutate(name) {
  process.env['TARWARDEN_MUTATE'] = name;
  const incrementalFile = join(folder, `${name}.incremental.json`);
  forgetStaticSurvivors(incrementalFile);
  const results = await new Stryker({
    mutate: [...(parts[name]?.sources ?? [])],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // A mutant that times out counts as noticed, so the limit has to be long enough for a slow machine.
    timeoutMS: 30_000,
    dryRunTimeoutMinutes: 20,
    // Changed files are mutated again, and surviving mutants are tried with each new test.
    incremental: true,
    force: values.fresh,
    incrementalFile,
    tempDirName: `.mutation/sandbox-${name}`,
    cleanTempDir: 'always',
    ignorePatterns: [
      '/.mutation',
      '/bench',
      '/test/runtimes',
      '/test/e2e',
      'dist',
      '/packages/cli/bin',
      '/packages/server/bin',
      '.fuzz',
    ],
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
    checkers: [],
    disableTypeChecks: false,
    // Stryker reads the file by TypeScript's API, which TypeScript 7 does not have. Nothing here needs it.
    tsconfigFile: 'tsconfig.none.json',
  }).runMutationTest();

  /** @type {Map<string, Score>} */
  const scores = new Map();
  const survivors = [];
  for (const { fileName, location, mutatorName, replacement, status } of results) {
    if (status === 'Ignored' || status === 'CompileError' || status === 'RuntimeError') continue;
    const file = fileName.replace(`${root}/`, '');
    const score = scores.get(file) ?? { file, killed: 0, all: 0 };
    scores.set(file, score);
    score.all += 1;
    if (status === 'Killed' || status === 'Timeout') score.killed += 1;
    else
      survivors.push(
        `${file}:${location.start.line}:${location.start.column} ${mutatorName} ${status}: ${(replacement ?? '').replace(/\s+/g, ' ').slice(0, 120)}`,
      );
  }
  return { scores: [...scores.values()], survivors };
}

/**
 * Stryker knows no test that covers code which runs when a module is loaded. So it would keep the result for such a mutant, even with
 * new tests.
 * @param {string} file
 */
function forgetStaticSurvivors(file) {
  if (!existsSync(file)) return;
  /** @type {{ files: Record<string, { mutants: { static?: boolean, status: string }[] }> }} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const file of Object.values(report.files))
    file.mutants = file.mutants.filter((mutant) => !mutant.static || mutant.status !== 'Survived');
  writeFileSync(file, JSON.stringify(report));
}

/**
 * @param {string} name
 * @param {Outcome} outcome
 */
function print(name, { scores, survivors }) {
  for (const { file, killed, all } of scores) console.log(line(`  ${file}`, killed, all));
  if (values.survivors) for (const survivor of survivors) console.log(`  ${survivor}`);
  /** @type {Map<string, Score[]>} */
  const folders = new Map();
  for (const score of scores)
    folders.set(dirname(score.file), [...(folders.get(dirname(score.file)) ?? []), score]);
  for (const [path, inside] of folders) {
    const { killed, all } = total(inside);
    console.log(line(`${name}: ${path}/`, killed, all));
  }
}

/**
 * The scores of the parts that ran, and of all of them together.
 * @param {readonly string[]} ran
 * @returns {number} Percent.
 */
function printTotal(ran) {
  const scores = ran.map((name) => outcomes[name]?.scores ?? []);
  for (const [index, name] of ran.entries()) {
    const { killed, all } = total(scores[index] ?? []);
    console.log(line(name, killed, all));
  }
  const { killed, all } = total(scores.flat());
  console.log(line('all', killed, all));
  return (100 * killed) / all;
}

/** @param {readonly Score[]} scores */
function total(scores) {
  let killed = 0;
  let all = 0;
  for (const score of scores) {
    killed += score.killed;
    all += score.all;
  }
  return { killed, all };
}

/**
 * @param {string} label
 * @param {number} killed
 * @param {number} all
 */
function line(label, killed, all) {
  return `${label.padEnd(56)} ${((100 * killed) / all).toFixed(1).padStart(5)} %  ${killed} of ${all}`;
}

/** @returns {Record<string, Outcome>} */
function readSummary() {
  try {
    return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  } catch {
    return {};
  }
}
