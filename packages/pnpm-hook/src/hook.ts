/*
 * The state of one copy of the hook. index.ts creates it for the functions that pnpm calls, and each test creates its own. Code that
 * most commands do not need is loaded at its first use.
 */
import { PNPM_STATUS, report, takeNonce } from '@tarwarden/guard/run';
import type { NpmClaim } from '@tarwarden/core/metadata';
import { CurrentSession, type Session } from './session.ts';
import type { Gates } from './gates/gates.ts';
import type { Guard } from './inspection/guard.ts';
import type { Handoff } from './handoff/handoff.ts';
import { Messages } from './messages.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';
import { HookRefusals } from './refusals.ts';

type Inspection = typeof import('#inspection');

export class Hook {
  readonly messages: Messages = new Messages();
  readonly refusals: HookRefusals = new HookRefusals();
  /** The registry's words about packages, by `name@version`. Only pnpm 12 shows it. */
  readonly documents: Map<string, NpmClaim> = new Map<string, NpmClaim>();
  /** The proof of the command that started pnpm, which waits for a report of this hook. Empty without such a command. */
  readonly #nonce: string = takeNonce(process.env, PNPM_STATUS);
  #isArmed = false;
  readonly #session: CurrentSession = new CurrentSession(this.messages);
  #inspection: Promise<Inspection> | undefined;
  readonly #guards = new Map<string, Promise<Guard>>();
  /** The same guards, by the root of the project. */
  readonly #guardsOfRoots = new Map<string, Promise<Guard>>();
  #directory: string | undefined;
  #gates: Promise<Gates> | undefined;
  #handoff: Promise<Handoff> | undefined;

  /** Whether a command of tarwarden started pnpm. */
  get isAwaited(): boolean {
    return this.#nonce !== '';
  }

  /** Reports that pnpm calls this hook, and which file it is. */
  arm(): void {
    if (!this.isAwaited || this.#isArmed) return;
    this.#isArmed = true;
    report(process.env, PNPM_STATUS, { event: 'armed', nonce: this.#nonce, guard: __filename });
  }

  /** Reads the configuration, and refuses one that cannot be guarded. */
  begin(config: PnpmConfig): void {
    this.#session.begin(config);
  }

  /** @throws HookError if pnpm has shown no configuration. */
  session(): Session {
    return this.#session.get();
  }

  /** The session with the registries that pnpm resolves with, from now on. */
  adoptRegistries(registries?: Readonly<Record<string, string>>): Session {
    return this.#session.adoptRegistries(registries);
  }

  /** The code that inspects. It is imported once, because each `import()` of a bundled file copies all its exports. */
  inspection(): Promise<Inspection> {
    return (this.#inspection ??= import('#inspection'));
  }

  /**
   * The guard with the policy of the project around `directory`, by default the last one. `dlx` and `-g` install into a folder outside
   * of any project, even if they are started in one.
   * @throws HookError if the policy cannot be read.
   */
  guard(directory: string = this.#directory ?? process.cwd()): Promise<Guard> {
    this.#directory = directory;
    let guard = this.#guards.get(directory);
    if (guard === undefined) {
      const guardsOfRoots = this.#guardsOfRoots;
      guard = import('./inspection/guard.ts').then((module) =>
        module.guardFor(directory, this, guardsOfRoots),
      );
      this.#guards.set(directory, guard);
    }
    return guard;
  }

  /** The guard that the last call of {@link guard} returned, if there was one. */
  guardSoFar(): Promise<Guard> | undefined {
    return this.#directory === undefined ? undefined : this.#guards.get(this.#directory);
  }

  gates(): Promise<Gates> {
    return (this.#gates ??= import('./gates/gates.ts').then((module) => new module.Gates(this)));
  }

  handoff(): Promise<Handoff> {
    return (this.#handoff ??= import('./handoff/handoff.ts').then(
      (module) => new module.Handoff(this),
    ));
  }
}
