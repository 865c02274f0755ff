/* `tarwarden-server sweep run` and `tarwarden-server sweep worker`. */
import { RULESET, type Policy } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { loadPolicy, policyFingerprint } from '@tarwarden/guard';
import {
  rememberRejection,
  remark,
  tell,
  UsageError,
  type Call,
  type Values,
} from '@tarwarden/guard/command-line';
import { inTime } from '../../serving/in-time.ts';
import { SweepInspector } from '../../sweep/sweep-inspector.ts';
import { failureRecord, sweepFailure, type Planned } from '../../sweep/archive.ts';
import { openCacheFolder } from '../../sweep/cache-folder.ts';
import { openList } from '../../sweep/list.ts';
import { startSweepWorker, SweepQueue, type SweepQueueOptions } from '../../sweep/queue.ts';
import { SweptRegistry } from '../../sweep/registry.ts';
import { SweepResults, type SweepBasis } from '../../sweep/results.ts';
import { Sweep } from '../../sweep/sweep.ts';
import { inspectionPool } from '../../threads/start.ts';
import { stopRequested } from '../serving.ts';
import type { definition } from './definition.ts';

type Options = Values<typeof definition.options>;

/** The parts of a process that works on a sweep. */
interface SweepProcess {
  readonly values: Options;
  readonly mainUrl: string;
  readonly policy: Policy;
  readonly basis: SweepBasis;
  readonly registry: SweptRegistry;
}

/** Milliseconds between two lines about the progress. */
const PROGRESS = 10_000;
/** Milliseconds for the last results of a run that is stopped. */
const LAST_RESULTS = 5_000;

export async function sweepCommand({
  values,
  operands,
  mainUrl,
}: Call<typeof definition.options>): Promise<number> {
  const { policy: whole, warnings } = loadPolicy({ env: process.env });
  for (const warning of warnings) tell(`warning: ${warning}`);
  // The mode decides about an install, not about a verdict.
  const { mode: _, ...policy } = whole;
  const registry = new SweptRegistry({
    registry: registryIn(values),
    allowedHosts: values['allow-host'] ?? [],
    token: process.env['TARWARDEN_SWEEP_TOKEN'],
  });
  const basis = { ruleset: RULESET, policy: policyFingerprint(policy) };
  const all = { values, mainUrl, policy, basis, registry };
  try {
    return await (operands[0] === 'run' ? runSweep(all) : runWorker(all));
  } finally {
    await registry.close();
  }
}

/** Sweeps until each archive has a result, or until it is stopped. */
async function runSweep(all: SweepProcess): Promise<number> {
  const { values, basis } = all;
  const stop = new AbortController();
  const { list, cache, out } = values;
  const planned = await plannedIn(all, stop.signal);
  const queue = await SweepQueue.open(queueOptions(all), JSON.stringify([list, cache]));
  let results: SweepResults | undefined;
  let stopWorker: (() => Promise<void>) | undefined;
  try {
    results = await SweepResults.open(out, basis);
    const { counts } = results;
    if (counts.accept + counts.reject > 0) remark(`continues: ${countsText(counts)}`);
    void stopRequested().then(() => stop.abort());
    if (values['only-queue'] !== true) stopWorker = await startWorker(all);
    const onProgress = progressOf(results);
    const sweep = new Sweep({ planned, queue, results, signal: stop.signal, onProgress });
    const isDone = await sweep.run();
    await stopWorker?.();
    stopWorker = undefined;
    if (!isDone)
      await inTime(LAST_RESULTS, sweep.collect(), 'the queue is away').catch(() => undefined);
    return ended(results.counts, isDone);
  } finally {
    await stopWorker?.();
    await queue.close();
    await results?.close();
  }
}

/** The archives of the list or of the cache. */
async function plannedIn(
  { values: { list, cache }, registry }: SweepProcess,
  signal: AbortSignal,
): Promise<AsyncIterable<Planned>> {
  if (list !== undefined && cache === undefined) return openList(list, registry, signal);
  if (list === undefined && cache !== undefined) return openCacheFolder(cache);
  throw new UsageError('run needs either --list or --cache', 'sweep');
}

/** Says now and then how far the sweep is. */
function progressOf(results: SweepResults): (open: number) => void {
  let saidAt = performance.now();
  return (open) => {
    if (results.counts.reject > 0) rememberRejection();
    if (performance.now() - saidAt < PROGRESS) return;
    saidAt = performance.now();
    remark(`${countsText(results.counts)}; ${open} in the queue`);
  };
}

/** Prints the summary. @returns The exit code. */
function ended(counts: SweepResults['counts'], isDone: boolean): number {
  const code = !isDone ? 2 : counts.reject > 0 ? 1 : counts.error > 0 ? 2 : 0;
  (code === 0 ? remark : tell)(countsText(counts));
  if (!isDone) tell('the sweep was stopped: the same command with --out continues it');
  return code;
}

function countsText({ accept, reject, error }: SweepResults['counts']): string {
  return `${accept} accepted, ${reject} rejected, ${error} not inspected`;
}

/** Works on archives until it is stopped. */
async function runWorker(all: SweepProcess): Promise<number> {
  const stopWorker = await startWorker(all);
  remark('the worker waits for archives');
  await stopRequested();
  await stopWorker();
  return 0;
}

/** @returns A function that resolves when the archives of this worker are done. */
async function startWorker(all: SweepProcess): Promise<() => Promise<void>> {
  const { values, mainUrl, policy, registry } = all;
  const inspector = new SweepInspector({
    policy,
    registry,
    cache: values.cache,
    threads: inspectionPool(mainUrl),
  });
  const stopWorker = await startSweepWorker({
    ...queueOptions(all),
    concurrency: concurrencyIn(values),
    async run(archive, isLast) {
      try {
        return await inspector.inspect(archive);
      } catch (error) {
        const failure = sweepFailure(error);
        if (!failure.isFinal && !isLast) throw error;
        return failureRecord(archive.item, failure);
      }
    },
  });
  return async () => {
    await stopWorker();
    inspector.close();
  };
}

function queueOptions({ values, basis }: SweepProcess): SweepQueueOptions {
  const address = values.queue ?? process.env['TARWARDEN_SWEEP_QUEUE'];
  if (address === undefined) throw new UsageError('--queue is missing', 'sweep');
  // Workers of other rules or another policy would give other verdicts.
  const name = `tarwarden-sweep-${basis.ruleset}-${basis.policy.slice(0, 16)}`;
  return { address, name, onError: teller() };
}

/** Shows an error once, although the client of the queue repeats it with each try. */
function teller(): (error: Error) => void {
  let last = '';
  return (error) => {
    const text = String(error);
    if (text !== last) tell(`queue: ${printable(text)}`);
    last = text;
  };
}

function concurrencyIn({ concurrency }: Options): number {
  if (!/^[1-9]\d{0,2}$/.test(concurrency))
    throw new UsageError('--concurrency must be a number from 1 to 999', 'sweep');
  return Number(concurrency);
}

function registryIn({ registry }: Options): URL {
  const url = URL.canParse(registry) ? new URL(registry) : undefined;
  if (url === undefined || !/^https?:\/\/[^@?]+$/.test(url.href))
    throw new UsageError('--registry must be an http address without user and query', 'sweep');
  return url;
}
