/*
 * The state of one copy of the hook. index.ts makes it and gives it to the functions that pnpm calls. A test makes its own. Code that most
 * commands do not need is loaded by the first call that needs it.
 */
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
  readonly #session: CurrentSession = new CurrentSession(this.messages);
  #inspection: Promise<Inspection> | undefined;
  readonly #guards = new Map<string, Promise<Guard>>();
  /** By the root of the project that such a folder is in. */
  readonly #guardsOfRoots = new Map<string, Promise<Guard>>();
  #directory: string | undefined;
  #gates: Promise<Gates> | undefined;
  #handoff: Promise<Handoff> | undefined;

  /** Learns from the configuration, and refuses one that cannot be guarded. */
  begin(config: PnpmConfig): void {
    this.#session.begin(config);
  }

  /** @throws HookError where pnpm has shown no configuration. */
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
   * The guard that has the policy of the project around a folder: `dlx` and `-g` install into a folder that is in no project, whatever
   * project they are started in. `directory`: where the policy file is looked for; the last one unless given.
   * @throws HookError when there is no policy to apply.
   */
  guard(directory: string = this.#directory ?? process.cwd()): Promise<Guard> {
    this.#directory = directory;
    let guard = this.#guards.get(directory);
    if (guard === undefined) {
      const others = this.#guardsOfRoots;
      guard = import('./inspection/guard.ts').then((own) => own.guardFor(directory, this, others));
      this.#guards.set(directory, guard);
    }
    return guard;
  }

  /** The guard that was asked for last, if a call has made one. */
  guardSoFar(): Promise<Guard> | undefined {
    return this.#directory === undefined ? undefined : this.#guards.get(this.#directory);
  }

  gates(): Promise<Gates> {
    return (this.#gates ??= import('./gates/gates.ts').then((own) => new own.Gates(this)));
  }

  handoff(): Promise<Handoff> {
    return (this.#handoff ??= import('./handoff/handoff.ts').then((own) => new own.Handoff(this)));
  }
}
