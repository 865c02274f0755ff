import { clearAtExit } from './cache-leftovers.ts';
import { listAtExit } from './exit.ts';
import type { FetcherFacts } from './identity.ts';
import type { Inspector, Place, Subject } from './inspector.ts';
import { allRefusals, Refusal, remember, type Refused } from './refusal.ts';
import { NPM_STATUS, report } from '@tarwarden/guarded-run';

type Core = typeof import('./inspector.ts');

interface Loaded {
  readonly core: Core;
  readonly inspector: Inspector;
}

let loading: Promise<Loaded> | undefined;
let unusable: Refusal | undefined;

/** Buffers that were accepted, by identity: what is unpacked must be one of them, untouched. */
const accepted = new WeakMap<Uint8Array, Inspector>();

/**
 * Loads the core and the policy, once for a process. Called before anything is fetched, so that an invalid
 * policy stops npm first.
 */
export async function prepare(fetcher?: FetcherFacts): Promise<Loaded> {
  loading ??= load(placeOf(fetcher, process.env));
  try {
    return await loading;
  } catch (cause) {
    throw unable(cause);
  }
}

/** The refusal of everything, where the guard is not whole. Told once, thrown everywhere. */
export function unable(cause: unknown): Refusal {
  return (unusable ??= keep(unusableBecause(cause), cause));
}

async function load(place: Place): Promise<Loaded> {
  const core = await import('./inspector.ts');
  const inspector = new core.Inspector(place);
  for (const warning of inspector.warnings) process.stderr.write(`tarwarden: ${warning}\n`);
  core.limitDownloads(inspector.maxBytes);
  return { core, inspector };
}

/** Judges bytes; throws a {@link Refusal}, which is remembered, when they must not be unpacked. */
export async function judge(bytes: Uint8Array, subject: Subject): Promise<void> {
  const { core, inspector } = await prepare();
  let refused: Refused | undefined;
  try {
    refused = inspector.judge(bytes, subject);
  } catch (cause) {
    throw keep(core.notInspected(subject, 'the inspector failed', cause), cause);
  }
  if (refused !== undefined) throw keep(refused);
  accepted.set(bytes, inspector);
}

/** Refuses without judging. */
export async function cannotJudge(subject: Subject, why: string): Promise<Refusal> {
  const { core } = await prepare();
  return keep(core.notInspected(subject, why));
}

/** The refusal of what the guard stopped reading, or read to its limit; undefined for any other error. */
export async function refuseTooLong(
  subject: Subject,
  error: unknown,
): Promise<Refusal | undefined> {
  const { core } = await prepare();
  if (!core.isTooLarge(error)) return undefined;
  clearAtExit();
  return keep(core.tooLong(subject, error.message));
}

/** As {@link cannotJudge}, where nothing is known and nothing can be awaited. */
export function cannotInspect(why: string): Refusal {
  const message = `tarwarden: a tarball could not be inspected: ${why}; nothing of it was unpacked`;
  return keep({ subject: 'a tarball', reasons: [why], remedies: [], message });
}

/**
 * What npm is to unpack of a buffer: nothing unless it was accepted, else the very tar that was judged, or the buffer
 * where the tar is not at hand. npm's tar guesses the format by the first bytes and has no option that says it: those of
 * the first are the guard's own, those of the second gzip's, which it takes off once.
 */
export function toUnpack(bytes: Uint8Array): Uint8Array | undefined {
  return accepted.get(bytes)?.takeTar(bytes) ?? (accepted.has(bytes) ? bytes : undefined);
}

/** Refuses to install at all, for what is wrong with a file of the project. */
export function refuseProject(file: string, reason: string, remedy: string): Refusal {
  const message = `tarwarden: nothing is installed: ${reason}\nwhat to do: ${remedy}`;
  return keep({ subject: file, inProject: true, reasons: [reason], remedies: [remedy], message });
}

/** Throws the first refusal of this process, if there is one, whoever swallowed it meanwhile. */
export function rethrow(): void {
  const [first] = allRefusals();
  if (first !== undefined) throw first;
}

function keep(refused: Refused, cause?: unknown): Refusal {
  const refusal = new Refusal(refused, cause === undefined ? {} : { cause });
  remember(refusal);
  report(process.env, NPM_STATUS, { event: 'blocked', subject: refused.subject });
  listAtExit();
  return refusal;
}

function unusableBecause(cause: unknown): Refused {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return {
    subject: 'every package',
    reasons: [detail],
    remedies: [],
    message: `tarwarden: nothing can be inspected, so nothing is installed: ${detail}`,
  };
}

const USER_ONLY_COMMANDS: ReadonlySet<unknown> = new Set(['exec', 'init']);

/**
 * Whose policy holds. The project's file may speak for what is installed into the project; not for a global
 * install, for npx, or where the "project" is itself something fetched: a git dependency that npm prepares,
 * a package in node_modules whose script runs npm.
 */
export function placeOf(fetcher: FetcherFacts | undefined, env: NodeJS.ProcessEnv): Place {
  const options = fetcher?.opts ?? {};
  // npm sets this in its own environment, over whatever was there.
  const project = env['npm_config_local_prefix'];
  const fetched =
    project !== undefined &&
    (env['_PACOTE_NO_PREPARE_'] !== undefined || /[\\/]node_modules([\\/]|$)/.test(project));
  const userOnly =
    options['global'] === true || USER_ONLY_COMMANDS.has(options['npmCommand']) || fetched;
  return userOnly || project === undefined ? { env } : { project, env };
}
