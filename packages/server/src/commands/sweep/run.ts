/* `tarwarden-server sweep run` and `tarwarden-server sweep worker`. */
import { RULESET, TarwardenError, type Policy } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { inTime, loadPolicy, policyFingerprint } from '@tarwarden/host';
import {
  rememberRejection,
  remark,
  tell,
  UsageError,
  type Call,
  type Values,
} from '@tarwarden/host/command-line';
import { ArchiveInspector } from '../../sweep/archive-inspector.ts';
import { failureRecord, type Planned } from '../../sweep/archive.ts';
import { openCacheFolder } from '../../sweep/cache-folder.ts';
import { sweepFailure, SweepUsageError } from '../../sweep/failure.ts';
import { openList } from '../../sweep/list.ts';
import {
  startSweepWorker,
  SweepQueue,
  type SweepQueueOptions,
  type SweepWorker,
} from '../../sweep/queue.ts';
import { SweptRegistry } from '../../sweep/registry.ts';
import { SweepResults, type SweepBasis, type SweepCounts } from '../../sweep/results.ts';
import { Sweep } from '../../sweep/sweep.ts';
import { inspectionPool } from '../../threads/start.ts';
import { stopRequested } from '../serving.ts';
import type { SWEEP_OPTIONS } from './definition.ts';

type Options = Values<typeof SWEEP_OPTIONS>;

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
}: Call<typeof SWEEP_OPTIONS>): Promise<number> {
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
  } catch (error) {
    if (error instanceof SweepUsageError) throw new UsageError(printable(error.message), 'sweep');
    throw error;
  } finally {
    await registry.close();
  }
}

/** Sweeps until each archive has a result, or until it is stopped. */
async function runSweep(all: SweepProcess): Promise<number> {
  const { values, basis } = all;
  const stop = new AbortController();
  const planned = await plannedIn(all, stop.signal);
  const { list, cache, out } = values;
  const source = JSON.stringify([list, cache]);
  const queue = await opened(all, (options) => SweepQueue.open({ ...options, source }));
  let results: SweepResults | undefined;
  let worker: SweepWorker | undefined;
  try {
    results = await SweepResults.open(out, basis);
    const { counts } = results;
    if (counts.accepted + counts.rejected > 0) remark(`continues: ${countsText(counts)}`);
    void stopRequested().then(() => stop.abort());
    if (values['only-queue'] !== true) worker = await startWorker(all);
    const onProgress = progressOf(results);
    const sweep = new Sweep({ planned, queue, results, signal: stop.signal, onProgress });
    const isDone = await sweep.run();
    await worker?.close();
    worker = undefined;
    if (!isDone)
      await inTime(LAST_RESULTS, sweep.collect(), 'the queue is away').catch(() => undefined);
    return ended(results.counts, isDone);
  } finally {
    await worker?.close();
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
    if (results.counts.rejected > 0) rememberRejection();
    if (performance.now() - saidAt < PROGRESS) return;
    saidAt = performance.now();
    remark(`${countsText(results.counts)}; ${open} in the queue`);
  };
}

/** Prints the summary. @returns The exit code. */
function ended(counts: SweepCounts, isDone: boolean): number {
  const code = !isDone ? 2 : counts.rejected > 0 ? 1 : counts.notInspected > 0 ? 2 : 0;
  (code === 0 ? remark : tell)(countsText(counts));
  if (!isDone) tell('the sweep was stopped: the same command with --out continues it');
  return code;
}

function countsText({ accepted, rejected, notInspected }: SweepCounts): string {
  return `${accepted} accepted, ${rejected} rejected, ${notInspected} not inspected`;
}

/** Works on archives until it is stopped. */
async function runWorker(all: SweepProcess): Promise<number> {
  const worker = await startWorker(all);
  remark(`works on the sweep "${nameIn(all.values)}"`);
  await stopRequested();
  await worker.close();
  return 0;
}

async function startWorker(all: SweepProcess): Promise<SweepWorker> {
  const { values, mainUrl, policy, registry } = all;
  const inspector = new ArchiveInspector({
    policy,
    registry,
    cache: values.cache,
    threads: inspectionPool(mainUrl),
  });
  const worker = await opened(all, (options) =>
    startSweepWorker({
      ...options,
      concurrency: countIn(values, 'concurrency'),
      lockSeconds: countIn(values, 'lock'),
      async run(archive, isLast) {
        try {
          return await inspector.inspect(archive);
        } catch (error) {
          const failure = sweepFailure(error);
          if (!failure.isFinal && !isLast) throw error;
          return failureRecord(archive.item, failure);
        }
      },
    }),
  );
  return {
    async close() {
      await worker.close();
      inspector.close();
    },
  };
}

/** Opens a queue or a worker, and explains a failure to the user. */
async function opened<Result>(
  { values, basis }: SweepProcess,
  open: (options: SweepQueueOptions) => Promise<Result>,
): Promise<Result> {
  const address = values.queue ?? process.env['TARWARDEN_SWEEP_QUEUE'];
  if (address === undefined) throw new UsageError('--queue is missing', 'sweep');
  // Workers of other rules or another policy would give other verdicts.
  const name = `tarwarden-sweep-${nameIn(values)}-${basis.ruleset}-${basis.policy.slice(0, 16)}`;
  try {
    return await open({ address, name, onError: teller() });
  } catch (cause) {
    if (cause instanceof SweepUsageError) throw cause;
    const why = printable(cause instanceof Error ? cause.message : String(cause));
    const message = `the queue ${redactUrl(address)} cannot be used: ${why}`;
    throw new TarwardenError('STORE_FAILED', message, { cause });
  }
}

/** Shows an error once, although the client of the queue repeats it with each try. */
function teller(): (error: Error) => void {
  let last = '';
  return ({ message, name }) => {
    const text = message === '' ? name : message;
    if (text !== last) tell(`queue: ${printable(text)}`);
    last = text;
  };
}

function nameIn({ name }: Options): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name))
    throw new UsageError('--name may have 40 letters, digits, dots, "-" and "_"', 'sweep');
  return name;
}

function countIn(values: Options, option: 'concurrency' | 'lock'): number {
  if (!/^[1-9]\d{0,5}$/.test(values[option]))
    throw new UsageError(`--${option} must be a number from 1 to 999999`, 'sweep');
  return Number(values[option]);
}

function registryIn({ registry }: Options): URL {
  const url = URL.canParse(registry) ? new URL(registry) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search === '';
  if (url === undefined || !isPlain || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      '--registry must be an http or https address without a user or query',
      'sweep',
    );
  return url;
}
