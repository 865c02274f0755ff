/* A gate with all that it needs: for the faces of this package, and for others that are built on it. */
import { tarballBytesMax } from '@tarwarden/core/limits';
import { currently } from '@tarwarden/host';
import { Gate, type GateParts, type GateThreads } from './gate.ts';
import type { Mismatch } from './mismatches.ts';
import { makeMetrics, type Metrics } from './metrics.ts';
import { NPM_TRIAL, type GatewayTrial } from '@tarwarden/guarded-run/trial-archives';
import { readiness, type Readiness } from './ready.ts';
import { Spool } from './spool.ts';
import { Verdicts, type VerdictsOptions } from './verdicts.ts';

export interface OpenGateOptions {
  /** The policy, or what gives the one that holds now. */
  readonly policy: VerdictsOptions['policy'];
  readonly env: VerdictsOptions['env'];
  readonly signed?: VerdictsOptions['signed'];
  readonly threads: GateThreads;
  readonly onException?: GateParts['onException'];
  /** Called where verdicts cannot be kept or looked for: what has none is inspected. */
  readonly onError: (error: unknown) => void;
  /** Called where the registry sends other bytes than it promised or sent before. */
  readonly onMismatch?: (mismatch: Mismatch) => void;
  /** Folder for what waits for its verdict. */
  readonly spoolParent?: string | undefined;
  /** Bytes of all that waits at once. */
  readonly spoolBytes?: number | undefined;
}

export interface OpenGate {
  readonly gate: Gate;
  readonly spool: Spool;
  readonly verdicts: Verdicts;
  readonly metrics: Metrics;
  /** Whether it refuses what it has to refuse: a tarball of npm unless others are given. */
  readonly ready: (trials?: readonly GatewayTrial[]) => Promise<Readiness>;
  /** Keeps the verdicts, and removes what waits. */
  readonly close: () => void;
}

/** Milliseconds in which verdicts are collected before they are written. */
const FLUSH = 5_000;

export function openGate(options: OpenGateOptions): OpenGate {
  const { policy, env, signed, threads, onError, onException } = options;
  const { onMismatch = () => undefined } = options;
  const metrics = makeMetrics();
  const spool = new Spool({
    bytesMax: tarballBytesMax(currently(policy).limits),
    heldMax: options.spoolBytes,
    parent: options.spoolParent,
    onHeld: (change) => metrics.bytesHeld.inc(change),
  });
  const verdicts = new Verdicts({ policy, env, ...(signed && { signed }), onError });
  const flush = setInterval(() => verdicts.flush(), FLUSH).unref();
  return {
    gate: new Gate({ verdicts, spool, threads, metrics, onException, onMismatch }),
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
