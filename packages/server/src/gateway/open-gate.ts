/* Opens a gate with all parts that it needs, for the faces of this package and for other servers. */
import { tarballBytesMax } from '@tarwarden/core/limits';
import { currently } from '../serving/live-policy.ts';
import { Gate } from './gate.ts';
import type { GateParts, GateThreads } from './gate-parts.ts';
import type { Mismatch } from './mismatches.ts';
import { makeMetrics, type Metrics } from './metrics.ts';
import { NPM_TRIAL, type GatewayTrial } from './trials.ts';
import { readiness, type Readiness } from './ready.ts';
import { Spool } from './spool.ts';
import { Verdicts, type VerdictsOptions } from './verdicts.ts';

export interface OpenGateOptions {
  /** The policy, or a function that returns the current one. */
  readonly policy: VerdictsOptions['policy'];
  readonly env: VerdictsOptions['env'];
  readonly threads: GateThreads;
  readonly onException?: GateParts['onException'];
  /** Called when the registry sends bytes that differ from the promised or earlier ones. */
  readonly onMismatch?: (mismatch: Mismatch) => void;
  readonly cache?: GateParts['cache'];
  /** Called when the cache has other bytes for an archive than it was given. */
  readonly onDamaged?: GateParts['onDamaged'];
  /** Folder for archives that wait for their verdict. */
  readonly spoolParent?: string | undefined;
  /** The most bytes of all archives that wait. */
  readonly spoolBytes?: number | undefined;
}

export interface OpenGate {
  readonly gate: Gate;
  readonly spool: Spool;
  readonly verdicts: Verdicts;
  readonly metrics: Metrics;
  /** Checks that the gate refuses trial archives: by default a hostile tarball of npm. */
  readonly ready: (trials?: readonly GatewayTrial[]) => Promise<Readiness>;
  /** Stores the verdicts and removes temporary files. */
  readonly close: () => void;
}

/** Milliseconds for which verdicts are collected before they are written. */
const FLUSH = 5_000;

export function openGate(options: OpenGateOptions): OpenGate {
  const { policy, env, threads, onException } = options;
  const { onMismatch = () => undefined, onDamaged = () => undefined, cache } = options;
  const metrics = makeMetrics();
  const spool = new Spool({
    bytesMax: tarballBytesMax(currently(policy).limits),
    heldMax: options.spoolBytes,
    parent: options.spoolParent,
    onHeld: (change) => metrics.bytesHeld.inc(change),
  });
  const verdicts = new Verdicts({ policy, env });
  const flush = setInterval(() => verdicts.flush(), FLUSH).unref();
  return {
    gate: new Gate({
      verdicts,
      spool,
      threads,
      metrics,
      onException,
      onMismatch,
      onDamaged,
      cache,
    }),
    spool,
    verdicts,
    metrics,
    ready: async (trials = [NPM_TRIAL]) =>
      readiness({ spool, threads, policy: verdicts.policy }, trials),
    close() {
      clearInterval(flush);
      verdicts.flush();
      spool.close();
    },
  };
}
