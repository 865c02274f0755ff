import { NPM_STATUS } from '@tarwarden/guard/run';
import {
  nothingInspected,
  nothingInstalled,
  packageNotInspected,
  Refusals,
  type PolicyScope,
} from '@tarwarden/guard/kit';
import type { Subject } from '@tarwarden/guard';
import { listAtExit, NpmRefusal, type RefusedByNpm } from './exit.ts';
import { Identities, promisedLabel, type FetcherFacts, type PromisedIdentity } from './identity.ts';
import type { NpmInspector } from './inspector.ts';
import { Tarball } from './tarball.ts';

interface Accepted {
  readonly tarball: Tarball;
  readonly inspector: NpmInspector;
}

/** The guard of one npm process. preload.ts creates it. It loads the core at its first use. */
export class NpmGuard {
  readonly identities: Identities = new Identities();
  readonly refusals: Refusals<NpmRefusal>;
  readonly #env: NodeJS.ProcessEnv;
  /** Accepted tarballs by their first buffer. npm may unpack only the same buffers, unchanged. */
  readonly #accepted = new WeakMap<Uint8Array, Accepted>();
  #loading: Promise<NpmInspector> | undefined;
  #unable: NpmRefusal | undefined;

  /** @param onFirst Called at the first refusal, to set the exit code. */
  constructor(
    env: NodeJS.ProcessEnv,
    onFirst: (refusals: Refusals<NpmRefusal>) => void = listAtExit,
  ) {
    this.#env = env;
    this.refusals = new Refusals({
      status: { env, channel: NPM_STATUS },
      onFirst: () => onFirst(this.refusals),
    });
  }

  /**
   * Loads the core and the policy, once for a process. An invalid policy stops npm before it fetches anything.
   */
  async prepare(fetcher?: FetcherFacts): Promise<NpmInspector> {
    this.#loading ??= this.#load(npmPolicyScope(fetcher, this.#env));
    try {
      return await this.#loading;
    } catch (cause) {
      throw this.unable(cause);
    }
  }

  async #load(scope: PolicyScope): Promise<NpmInspector> {
    const { limitDownloads, NpmInspector: Inspector } = await import('./inspector.ts');
    const inspector = new Inspector(scope, ({ refused, cause }) => this.#refuse(refused, cause));
    for (const warning of inspector.warnings) process.stderr.write(`tarwarden: ${warning}\n`);
    limitDownloads(inspector.maxBytes);
    return inspector;
  }

  /**
   * Resolves when a tarball is accepted under each promised identity, so that npm may unpack it.
   * @throws NpmRefusal otherwise.
   */
  async inspect(
    tarball: Tarball,
    subject: Subject,
    promised: readonly PromisedIdentity[] = [],
  ): Promise<void> {
    const inspector = await this.prepare();
    try {
      await inspector.inspect(tarball, subject, promised);
    } catch (cause) {
      if (cause instanceof NpmRefusal) throw cause;
      throw inspector.uninspected(subject, 'the inspection failed', { cause });
    }
    const [first] = tarball.pieces;
    if (first !== undefined) this.#accepted.set(first, { tarball, inspector });
  }

  /**
   * Resolves when a tarball that npm is about to upload is accepted under the identity of its manifest.
   * @throws NpmRefusal otherwise.
   */
  async inspectUpload(bytes: Uint8Array, expected: PromisedIdentity): Promise<void> {
    const tarball = Tarball.of(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    await this.inspect(tarball, { label: promisedLabel(expected), isUpload: true }, [expected]);
    // Nothing unpacks it, so no tar has to wait.
    this.toUnpack(tarball.pieces);
  }

  /**
   * The bytes that npm unpacks instead of these buffers: the inspected tar, or the same buffers if no tar was kept. Undefined unless
   * the buffers are an accepted tarball. npm's tar guesses the format by the first bytes. It always guesses right: a kept tar begins
   * with the guard's preface, and a tarball with gzip's header.
   */
  toUnpack(pieces: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
    const [first] = pieces;
    const accepted = first && this.#accepted.get(first);
    if (accepted === undefined || !accepted.tarball.isMadeOf(pieces)) return undefined;
    const tar = accepted.inspector.takeTar(first!);
    return tar === undefined ? pieces : [tar];
  }

  /** Whether npm works in a fetched package: a git dependency that it prepares, or a package in node_modules. */
  isInFetched(): boolean {
    return isFetched(this.#env);
  }

  /** Refuses a package that was not inspected. `remedy` replaces the usual advice. */
  async uninspected(subject: Subject, why: string, remedy?: string): Promise<Error> {
    return (await this.prepare()).uninspected(subject, why, remedy === undefined ? {} : { remedy });
  }

  /** Like {@link uninspected}, for code that cannot wait and does not know the package. */
  uninspectedNow(why: string): NpmRefusal {
    return this.#refuse(packageNotInspected('a tarball', why));
  }

  /** The refusal of all packages, because the guard cannot work. It is reported once, and each call returns the same one. */
  unable(cause: unknown): NpmRefusal {
    return (this.#unable ??= this.#refuse(nothingInspected(cause), cause));
  }

  /** Refuses to install anything, because of a file of the project. */
  refuseProject(file: string, reason: string, remedy: string): NpmRefusal {
    return this.#refuse({ ...nothingInstalled(file, reason, remedy), inProject: true });
  }

  #refuse(refused: RefusedByNpm, cause?: unknown): NpmRefusal {
    return this.refusals.add(new NpmRefusal(refused, cause));
  }
}

const USER_ONLY_COMMANDS: ReadonlySet<unknown> = new Set(['exec', 'init']);

/**
 * The scope of the policy. A project's policy file counts for installs into the project. It does not count for a global install, for
 * npx, or if the "project" is a fetched package: a git dependency that npm prepares, or a package in node_modules whose script runs npm.
 */
export function npmPolicyScope(
  fetcher: FetcherFacts | undefined,
  env: NodeJS.ProcessEnv,
): PolicyScope {
  const options = fetcher?.opts ?? {};
  // npm replaces this variable in its own environment.
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
