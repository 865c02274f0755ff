/* `tarwarden-server sweep run` and `tarwarden-server sweep worker`. */
import { RULESET, TarwardenError } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { LivePolicy, signingKeyIn } from '@tarwarden/host';
import { openSource } from '../../sweep/sources/open.ts';
import { QueueAddressError, startWorker, TaskQueue, type TaskWorker } from '../../sweep/queue.ts';
import { reportOf } from '../../sweep/ledger/report.ts';
import { runSource, type Follow } from '../../sweep/sweep.ts';
import { TaskRunner, type RunnerOptions } from '../../sweep/task-runner.ts';
import type { Ledger } from '../../sweep/ledger/ledger.ts';
import type { Meter } from '../../sweep/metrics/meter.ts';
import type { SweepSource } from '../../sweep/sources/source.ts';
import { inspectionPool } from '../../threads/start.ts';
import {
  type Call,
  remark,
  tell,
  UsageError,
  type Values,
  write,
} from '@tarwarden/host/command-line';
import type { SWEEP_OPTIONS } from './definition.ts';
import { stopRequested } from '../serving.ts';
import { storageAt } from '../storage.ts';

type Options = Values<typeof SWEEP_OPTIONS>;
type SweepCall = Call<typeof SWEEP_OPTIONS>;

/** Sweeps until nothing is left, or until it is stopped. */
export async function runSweep(
  call: SweepCall,
  ledger: Ledger,
  meter: Meter | undefined,
): Promise<number> {
  const { values } = call;
  if (values.source === undefined) throw new UsageError('run needs --source', 'sweep');
  const source = await openSource(values.source, values.from);
  const follow = followIn(values, source);
  const queue = await opened(values, (common) => TaskQueue.open(common));
  const stop = new AbortController();
  void stopRequested().then(() => stop.abort());
  const helper =
    values['only-queue'] === true ? undefined : await startHelper(call, { ledger, source, meter });
  let isDone: boolean;
  try {
    isDone = await runSource({
      name: nameIn(values),
      source,
      ledger,
      queue,
      backlog: countIn(values, 'backlog'),
      signal: stop.signal,
      follow,
    });
  } finally {
    await helper?.close();
    await queue.close();
  }
  const { verdicts, rejected, notInspected } = await reportOf(ledger, { ruleset: RULESET });
  if (!isDone) tell('stopped; what is left is in the ledger');
  const counts = { verdicts, rejected, notInspected };
  await write(
    values.reporter === 'json'
      ? `${JSON.stringify({ isDone, ...counts }, null, 2)}\n`
      : `${verdicts} verdicts in the ledger, of which ${rejected} reject; ${notInspected} not inspected\n`,
  );
  if (!isDone) return 2;
  if (rejected > 0) return 1;
  return notInspected > 0 ? 2 : 0;
}

/** Works on tasks until it is stopped. */
export async function runWorker(
  call: SweepCall,
  ledger: Ledger,
  meter: Meter | undefined,
): Promise<number> {
  const { values } = call;
  const source = values.source === undefined ? undefined : await openSource(values.source);
  const helper = await startHelper(call, { ledger, source, meter });
  remark(`works on the sweep "${nameIn(values)}"`);
  await stopRequested();
  await helper.close();
  return 0;
}

/** Starts the worker of this process. */
async function startHelper(
  { values, mainUrl }: SweepCall,
  {
    ledger,
    source,
    meter,
  }: { ledger: Ledger; source: SweepSource | undefined; meter: Meter | undefined },
): Promise<TaskWorker> {
  const live = new LivePolicy({ env: process.env }, (text) => tell(`warning: ${text}`));
  const signing = await signingIn(values);
  const runner = new TaskRunner({
    name: nameIn(values),
    ledger,
    policy: () => live.current.policy,
    threads: inspectionPool(mainUrl),
    upstream: {
      registry: registryIn(values),
      allowedHosts: values['allow-host'] ?? [],
      connections: countIn(values, 'connections'),
      token: process.env['TARWARDEN_SWEEP_TOKEN'],
    },
    files: source,
    meter,
    keys: () => live.pinnedKeys,
    onException: tell,
    ...signing,
  });
  const worker = await opened(values, (common) =>
    startWorker({
      ...common,
      concurrency: countIn(values, 'concurrency'),
      lockSeconds: countIn(values, 'lock'),
      perSecond: values.rate === undefined ? undefined : countIn(values, 'rate'),
      run: (task, isLast) => runner.run(task, isLast),
      onStalled: () => meter?.stalled(),
    }),
  );
  return {
    async close() {
      await worker.close();
      await runner.close();
      await signing.storage?.close();
    },
  };
}

function followIn(values: Options, source: SweepSource): Follow | undefined {
  if (values.follow !== true) return undefined;
  if (!source.isEndless) throw new UsageError('--follow needs feed:ADDRESS as the source', 'sweep');
  return {
    pause: countIn(values, 'interval') * 1000,
    onAway: ({ message }, pause) =>
      tell(`${printable(message)}; it is asked again in ${pause / 1000} s`),
  };
}

async function signingIn({
  key,
  storage,
}: Options): Promise<Pick<RunnerOptions, 'key' | 'storage'>> {
  if (key === undefined) {
    if (storage !== undefined) throw new UsageError('--storage needs --key', 'sweep');
    return {};
  }
  const signing = { key: signingKeyIn(key) };
  return storage === undefined
    ? signing
    : { ...signing, storage: await storageAt(storage, 'sweep') };
}

/** Opens a queue or a worker, and explains a failure to the user. */
export async function opened<T>(
  values: Options,
  open: (common: { address: string; name: string; onError: (error: Error) => void }) => Promise<T>,
): Promise<T> {
  const address = values.queue ?? process.env['TARWARDEN_SWEEP_QUEUE'];
  if (address === undefined) throw new UsageError('--queue is missing', 'sweep');
  try {
    return await open({ address, name: nameIn(values), onError: teller() });
  } catch (cause) {
    if (cause instanceof QueueAddressError) throw new UsageError(cause.message, 'sweep');
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

type CountOption = 'backlog' | 'concurrency' | 'connections' | 'interval' | 'lock' | 'rate';

function countIn(values: Options, option: CountOption): number {
  const text = values[option] ?? '';
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`--${option} must be a number from 1 to 999999`, 'sweep');
  return Number(text);
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
