#!/usr/bin/env node
// Runs an extractor or a scanner on the archives of this suite. It needs Node 20 or newer, and nothing else. README.md explains it.
// This file and the files in lib are under MIT-0, as the archives are (LICENSE).

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersIn, judge } from './lib/judge.mjs';
import { parseOptions, USAGE, UsageError } from './lib/options.mjs';
import { jsonReport, textReport } from './lib/report.mjs';
import { runCommand } from './lib/run-command.mjs';
import { removeTargets, Sandbox, treeIn } from './lib/sandbox.mjs';

/** @typedef {{ id: string, format: string, class: string, scope: string, file: string, package: string, expected: import('./lib/judge.mjs').Expected }} Entry */
/** @typedef {import('./lib/report.mjs').Result} Result */
/** @typedef {{ archive: string, out: string }} Place */

const NOT_CHOSEN = 'not chosen, but a command that refuses every archive passes no test';

/** Archives of one command with --batch. */
const BATCH = 600;

const suite = dirname(fileURLToPath(import.meta.url));
/** @type {{ version: string, targets: readonly string[], archives: readonly Entry[] }} */
const manifest = JSON.parse(readFileSync(join(suite, 'manifest.json'), 'utf8'));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 2;
}

/** @param {readonly string[]} args */
async function main(args) {
  if (args.includes('--help') && !args.slice(0, args.indexOf('--help')).includes('--')) {
    console.log(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  const entries = chosen(options.only);
  if (entries.length === 0) throw new UsageError('no archive is chosen');
  const taken = manifest.targets.filter((path) => existsSync(path));
  if (taken.length > 0)
    throw new UsageError(`archives aim at ${taken.join(', ')}, which must not exist`);
  const controls = controlsOf(entries);
  const all = await runAll([...entries, ...controls], options);
  const results = all.flatMap((result) => {
    if (controls.every(({ id }) => id !== result.id)) return [result];
    const isAnswered = result.outcome !== 'refused' && result.outcome !== 'failed';
    return isAnswered ? [] : [{ ...result, detail: NOT_CHOSEN }];
  });
  const run = { version: manifest.version, command: options.command, results };
  console.log(options.json ? jsonReport(run) : textReport(run));
  return results.every(({ outcome }) => outcome === 'as expected') ? 0 : 1;
}

/** @param {import('./lib/options.mjs').Options['only']} only */
function chosen(only) {
  return Object.entries(only).reduce((entries, [key, list]) => {
    if (list === undefined) return entries;
    /** @param {Entry} entry */
    const value = (entry) => Reflect.get(entry, key);
    const unknown = list.find((word) => manifest.archives.every((entry) => value(entry) !== word));
    if (unknown !== undefined) throw new UsageError(`no archive has the ${key} ${unknown}`);
    return entries.filter((entry) => list.includes(value(entry)));
  }, manifest.archives);
}

/**
 * An ordinary archive of each format of which only hostile archives are chosen. A command with a wrong option refuses this archive, too.
 * @param {readonly Entry[]} entries
 */
function controlsOf(entries) {
  const judged = entries.filter(({ expected }) => expected.verdict === 'accept');
  const formats = new Set(entries.map(({ format }) => format));
  for (const { format } of judged) formats.delete(format);
  const ordinary = manifest.archives.filter((entry) => entry.class === 'ordinary');
  return [...formats].flatMap((name) => ordinary.find(({ format }) => format === name) ?? []);
}

/**
 * @param {readonly Entry[]} entries
 * @param {import('./lib/options.mjs').Options} options
 */
async function runAll(entries, options) {
  const groups = options.batch ? batchesOf(entries) : entries.map((entry) => [entry]);
  /** @type {Map<string, Result>} */
  const results = new Map();
  const queue = groups.values();
  const lane = async () => {
    for (const group of queue)
      for (const result of await runGroup(group, options)) results.set(result.id, result);
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
  return entries.flatMap(({ id }) => results.get(id) ?? []);
}

/**
 * Archives of one format and package go together, since the command can name both.
 * @param {readonly Entry[]} entries
 */
function batchesOf(entries) {
  /** @type {Map<string, Entry[]>} */
  const groups = new Map();
  for (const entry of entries) {
    const name = `${entry.format} ${entry.package}`;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / BATCH) }, (_, at) =>
      group.slice(at * BATCH, (at + 1) * BATCH),
    ),
  );
}

/**
 * @param {readonly Entry[]} group
 * @param {import('./lib/options.mjs').Options} options
 * @returns {Promise<Result[]>}
 */
async function runGroup(group, options) {
  const sandbox = new Sandbox();
  /** @type {Result[]} */
  let results;
  /** @type {string[]} */
  let escapes;
  /** @type {'time' | 'size' | 'end' | undefined} */
  let cutBy;
  try {
    const places = group.map(({ file }) => sandbox.add(join(suite, file)));
    sandbox.seal();
    const cwd = places[0]?.out ?? sandbox.root;
    const ended = await runCommand(commandFor(group, places, options), {
      cwd,
      env: sandbox.environment,
      input: options.batch ? linesFor(group, places) : '',
      timeoutMs: options.timeoutMs,
      resetsTimer: options.batch,
      maxBytes: options.maxBytes,
      folder: sandbox.root,
    });
    if (ended.failure !== undefined) throw ended.failure;
    escapes = [...sandbox.changes(), ...removeTargets(manifest.targets)];
    const isAlone = group.length === 1;
    results = group.map((entry, at) =>
      resultOf(entry, { place: places[at], ended, isAlone, options }),
    );
    cutBy = ended.stopped ?? (ended.code === 0 ? undefined : 'end');
  } finally {
    sandbox.dispose();
  }
  const [only, ...others] = group;
  if (only === undefined) return [];
  if (others.length === 0) {
    if (escapes.length === 0) return results;
    return [{ ...factsOf(only), outcome: 'escaped', detail: escapes.slice(0, 5).join(', ') }];
  }
  if (escapes.length > 0) {
    const half = Math.ceil(group.length / 2);
    const first = await runGroup(group.slice(0, half), options);
    return [...first, ...(await runGroup(group.slice(half), options))];
  }
  // The command ended early. The first archive without an answer is the likely reason, so it is tried alone.
  const open = results.findIndex(({ outcome }) => outcome === 'failed');
  const saysNothing = cutBy !== 'size' && results.every(({ outcome }) => outcome === 'failed');
  if (cutBy === undefined || open < 0 || saysNothing) return results;
  const alone = await runGroup(group.slice(open, open + 1), options);
  return [...results.slice(0, open), ...alone, ...(await runGroup(group.slice(open + 1), options))];
}

/**
 * @param {readonly Entry[]} group
 * @param {readonly Place[]} places
 * @param {import('./lib/options.mjs').Options} options
 */
function commandFor([first], places, { command }) {
  /** @type {Readonly<Record<string, string>>} */
  const words = {
    archive: places[0]?.archive ?? '',
    out: places[0]?.out ?? '',
    format: first?.format ?? '',
    package: first?.package ?? '',
    suite,
  };
  return command.flatMap((argument) =>
    argument === '{archives}'
      ? places.map(({ archive }) => archive)
      : [
          argument.replaceAll(
            /\{(archive|out|format|package|suite)\}/g,
            (_, word) => words[word] ?? '',
          ),
        ],
  );
}

/**
 * @param {readonly Entry[]} group
 * @param {readonly Place[]} places
 */
function linesFor(group, places) {
  return group
    .map(({ format, package: name }, at) =>
      JSON.stringify({ ...places[at], format, package: name }).concat('\n'),
    )
    .join('');
}

/** @param {Entry} entry */
function factsOf({ id, format, class: name, scope }) {
  return { id, format, class: name, scope };
}

/**
 * @param {Entry} entry
 * @param {{ place: Place | undefined, ended: import('./lib/run-command.mjs').Ended, isAlone: boolean, options: import('./lib/options.mjs').Options }} seen
 * @returns {Result}
 */
function resultOf(entry, { place, ended, isAlone, options }) {
  const facts = factsOf(entry);
  const { stopped, code, signal } = ended;
  const answers = answersIn(ended.stdout);
  const said = options.batch
    ? answers.find(({ archive }) => archive === place?.archive)
    : answers.at(-1);
  // A batch can end early, after the answers for other archives.
  if (said === undefined || !options.batch) {
    if (!isAlone) return { ...facts, outcome: 'failed', detail: 'no line says its verdict' };
    if (stopped === 'size' && entry.expected.verdict === 'refuse')
      return { ...facts, outcome: 'accepted', detail: 'and wrote more than --max-mib' };
    if (stopped !== undefined)
      return { ...facts, outcome: 'failed', detail: `reached the limit of ${stopped}` };
    if (options.batch) return { ...facts, outcome: 'failed', detail: 'no line says its verdict' };
    if (code === null) return { ...facts, outcome: 'failed', detail: `ended by ${signal}` };
  }
  /** @type {'accept' | 'reject'} */
  const byCode = code === 0 ? 'accept' : 'reject';
  const verdict = said?.verdict ?? byCode;
  const written = place === undefined ? [] : treeIn(place.out);
  // A scanner unpacks nothing. A command that gets {out} has to.
  const unpacks = written.length > 0 || options.command.some((word) => word.includes('{out}'));
  const tree = said?.tree ?? (unpacks ? nested(written, options) : undefined);
  const judged = judge(entry.expected, { verdict, ...(tree && { tree }) }, options);
  const isLeft = verdict === 'reject' && written.length > 0;
  return { ...facts, ...judged, ...(isLeft && { leftFiles: written.length }) };
}

/**
 * @param {import('./lib/sandbox.mjs').TreeFile[]} tree
 * @param {import('./lib/options.mjs').Options} options
 */
function nested(tree, options) {
  if (!options.nested) return tree;
  return tree.map((file) => ({ ...file, path: file.path.slice(file.path.indexOf('/') + 1) }));
}
