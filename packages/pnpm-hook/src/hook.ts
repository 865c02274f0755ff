/*
 * What one copy of the hook knows about the command that it guards. index.ts makes it, and hands it to whatever pnpm calls; a
 * test makes its own. What most commands do not need is loaded with the first call that does.
 */
import { CurrentSession, type Session } from './session.ts';
import type { Gates } from './gates.ts';
import type { Guard } from './guard.ts';
import type { Handoff } from './handoff.ts';
import { Messages } from './messages.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';
import { HookRefusals } from './refusals.ts';

type Inspection = typeof import('#inspection');

export class Hook {
  readonly messages: Messages = new Messages();
  readonly refusals: HookRefusals = new HookRefusals();
  readonly #session: CurrentSession = new CurrentSession(this.messages);
  #inspection: Promise<Inspection> | undefined;
  #guard: Promise<Guard> | undefined;
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

  /** What inspects. Imported once: each `import()` of a bundled file copies all that it exports. */
  inspection(): Promise<Inspection> {
    return (this.#inspection ??= import('#inspection'));
  }

  /**
   * The guard of this process. `directory`: where the policy file is looked for, the first time.
   * @throws HookError when there is no policy to apply.
   */
  guard(directory: string = process.cwd()): Promise<Guard> {
    return (this.#guard ??= import('./guard.ts').then((own) => own.makeGuard(directory, this)));
  }

  /** The guard, if a call has made it. */
  guardSoFar(): Promise<Guard> | undefined {
    return this.#guard;
  }

  gates(): Promise<Gates> {
    return (this.#gates ??= import('./gates.ts').then((own) => new own.Gates(this)));
  }

  handoff(): Promise<Handoff> {
    return (this.#handoff ??= import('./handoff.ts').then((own) => new own.Handoff(this)));
  }
}
