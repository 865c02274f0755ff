import { NPM_STATUS } from '@tarwarden/guarded-run';
import {
  nothingInspected,
  nothingInstalled,
  packageNotInspected,
  Refusals,
  type PolicyScope,
} from '@tarwarden/guarded-run/kit';
import type { Subject } from '@tarwarden/host';
import { CacheFiles } from './cache-leftovers.ts';
import { listAtExit } from './exit.ts';
import { Identities, type FetcherFacts, type Identity, type TreeNode } from './identity.ts';
import type { NpmInspector } from './inspector.ts';
import { Refusal, type RefusedByNpm } from './refusal.ts';
import type { Tarball } from './tarball.ts';

interface Accepted {
  readonly tarball: Tarball;
  readonly inspector: NpmInspector;
}

/**
 * The guard of one process: all that it knows, for those who stand in npm's way. Made once, by preload.ts. The core is loaded
 * when it is asked for the first time.
 */
export class NpmGuard {
  readonly identities: Identities = new Identities();
  readonly cacheFiles: CacheFiles = new CacheFiles();
  readonly refusals: Refusals<Refusal>;
  readonly #env: NodeJS.ProcessEnv;
  /** Tarballs that were accepted, by their first buffer: what is unpacked must be the very buffers of one, untouched. */
  readonly #accepted = new WeakMap<Uint8Array, Accepted>();
  /** Nodes whose verdicts are to be asked for. */
  #foreseen: TreeNode[] = [];
  #loading: Promise<NpmInspector> | undefined;
  #unable: Refusal | undefined;

  /** @param onFirst Called at the first refusal: where the exit code is seen to. */
  constructor(env: NodeJS.ProcessEnv, onFirst: (refusals: Refusals<Refusal>) => void = listAtExit) {
    this.#env = env;
    this.refusals = new Refusals({
      status: { env, channel: NPM_STATUS },
      onFirst: () => onFirst(this.refusals),
    });
  }

  /**
   * Loads the core and the policy, once for a process. Called before anything is fetched, so that an invalid
   * policy stops npm first.
   */
  async prepare(fetcher?: FetcherFacts): Promise<NpmInspector> {
    this.#loading ??= this.#load(policyScope(fetcher, this.#env));
    try {
      return await this.#loading;
    } catch (cause) {
      throw this.unable(cause);
    }
  }

  /**
   * Has signed verdicts asked for that npm is about to need: Arborist names all packages that it fetches in one turn of the event
   * loop, so that they go in one question.
   */
  foresee(node: TreeNode, opts: FetcherFacts['opts'] = {}): void {
    if (typeof node.integrity !== 'string') return;
    this.#foreseen.push(node);
    if (this.#foreseen.length > 1) return;
    // An inspector that cannot be had is reported by whoever needs it.
    void this.prepare({ opts }).then(
      (inspector) => {
        for (const one of this.#foreseen.splice(0))
          inspector.foresee(one.integrity, this.identities.ofNode(one));
      },
      () => undefined,
    );
  }

  async #load(scope: PolicyScope): Promise<NpmInspector> {
    const { limitDownloads, NpmInspector: Inspector } = await import('./inspector.ts');
    const inspector = new Inspector(scope, (refused, cause) => this.#refuse(refused, cause));
    for (const warning of inspector.warnings) process.stderr.write(`tarwarden: ${warning}\n`);
    limitDownloads(inspector.maxBytes);
    return inspector;
  }

  /**
   * Resolves when a tarball may be unpacked: it is accepted under each identity that was promised.
   * @throws Refusal otherwise.
   */
  async inspect(
    tarball: Tarball,
    subject: Subject,
    promised: readonly Identity[] = [],
  ): Promise<void> {
    const inspector = await this.prepare();
    try {
      await inspector.inspect(tarball, subject, promised);
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      throw inspector.uninspected(subject, 'the inspection failed', { cause });
    }
    const [first] = tarball.pieces;
    if (first !== undefined) this.#accepted.set(first, { tarball, inspector });
  }

  /**
   * What npm is to unpack of buffers: nothing unless they are what was accepted, else the very tar that was inspected, or the
   * buffers where the tar is not at hand. npm's tar guesses the format by the first bytes and has no option that says it: those of
   * the first are the guard's own, those of the second gzip's, which it takes off once.
   */
  toUnpack(pieces: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
    const [first] = pieces;
    const accepted = first && this.#accepted.get(first);
    if (accepted === undefined || !accepted.tarball.isMadeOf(pieces)) return undefined;
    const tar = accepted.inspector.takeTar(first!);
    return tar === undefined ? pieces : [tar];
  }

  /** Whether npm works in something that was fetched itself: a git dependency that it prepares, a package in node_modules. */
  isInFetched(): boolean {
    return isFetched(this.#env);
  }

  /** Refuses without inspecting. `remedy` where the usual one does not fit. */
  async uninspected(subject: Subject, why: string, remedy?: string): Promise<Error> {
    return (await this.prepare()).uninspected(subject, why, remedy === undefined ? {} : { remedy });
  }

  /** The refusal of what the guard stopped reading, or read to its limit; undefined for any other error. */
  async tooLong(subject: Subject, error: unknown): Promise<Error | undefined> {
    const refusal = (await this.prepare()).tooLong(subject, error);
    if (refusal !== undefined) this.cacheFiles.clearAtExit();
    return refusal;
  }

  /** As {@link uninspected}, where nothing is known and nothing can be awaited. */
  uninspectedNow(why: string): Refusal {
    return this.#refuse(packageNotInspected('a tarball', why));
  }

  /** The refusal of everything, where the guard is not whole. Reported once, thrown everywhere. */
  unable(cause: unknown): Refusal {
    return (this.#unable ??= this.#refuse(nothingInspected(cause), cause));
  }

  /** Refuses to install at all, for what is wrong with a file of the project. */
  refuseProject(file: string, reason: string, remedy: string): Refusal {
    return this.#refuse({ ...nothingInstalled(file, reason, remedy), inProject: true });
  }

  #refuse(refused: RefusedByNpm, cause?: unknown): Refusal {
    return this.refusals.add(new Refusal(refused, cause));
  }
}

const USER_ONLY_COMMANDS: ReadonlySet<unknown> = new Set(['exec', 'init']);

/**
 * Whose policy holds. The project's file may speak for what is installed into the project; not for a global
 * install, for npx, or where the "project" is itself something fetched: a git dependency that npm prepares,
 * a package in node_modules whose script runs npm.
 */
export function policyScope(
  fetcher: FetcherFacts | undefined,
  env: NodeJS.ProcessEnv,
): PolicyScope {
  const options = fetcher?.opts ?? {};
  // npm sets this in its own environment, over whatever was there.
  const project = env['npm_config_local_prefix'];
  const userOnly =
    options['global'] === true || USER_ONLY_COMMANDS.has(options['npmCommand']) || isFetched(env);
  return userOnly || project === undefined ? { env } : { project, env };
}

function isFetched(env: NodeJS.ProcessEnv): boolean {
  const project = env['npm_config_local_prefix'];
  if (project === undefined) return false;
  return env['_PACOTE_NO_PREPARE_'] !== undefined || /[\\/]node_modules([\\/]|$)/.test(project);
}
