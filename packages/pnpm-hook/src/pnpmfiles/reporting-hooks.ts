/* Hooks that report to `tarwarden pnpm`, which started pnpm: that pnpm calls them, and what they refused. */
import { PNPM_STATUS, report } from '@tarwarden/guarded-run';
import { markHook } from './lockfile-trace.ts';

export type AnyHook = (...args: unknown[]) => unknown;
export type PnpmfileHooks = Readonly<Record<string, unknown>>;

const REFUSAL = /^ERR_PNPM_TARWARDEN_/;

export class HookReports {
  readonly #nonce: string;
  #armed = false;

  /** @param nonce The proof from the wrapper, taken from the environment. */
  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  /**
   * A hook that reports its refusals, and that pnpm called it. `updateConfig`, the only hook that pnpm calls for `run` or `list`,
   * counts after it has accepted: it accepts only a pnpm that calls the other hooks before it installs.
   */
  of(hook: AnyHook, accepts = false): AnyHook {
    const arm = (): void => this.#arm();
    const refuse = (error: unknown): never => {
      this.#noteRefusal(error);
      throw error;
    };
    return function (this: unknown, ...args) {
      if (!accepts) arm();
      try {
        const result = Reflect.apply(hook, this, args);
        if (!(result instanceof Promise)) return result;
        return result.then((value: unknown) => {
          arm();
          return value;
        }, refuse);
      } catch (error) {
        return refuse(error);
      }
    };
  }

  /** A copy of an object of hooks, with its marks, in which all functions report. */
  ofAll(hooks: PnpmfileHooks): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    Object.defineProperties(copy, Object.getOwnPropertyDescriptors(hooks));
    for (const [name, hook] of Object.entries(hooks))
      if (typeof hook === 'function')
        copy[name] = markHook(this.of(hook as AnyHook, name === 'updateConfig'));
    return copy;
  }

  /** In pnpm 10, factories make the fetchers. The copies make fetchers that report. */
  ofFactories(factories: PnpmfileHooks): Record<string, unknown> {
    const copies = Object.entries(factories).map(([name, factory]) => [
      name,
      (...args: unknown[]) => this.of((factory as AnyHook)(...args) as AnyHook),
    ]);
    return markHook(Object.fromEntries(copies) as Record<string, unknown>);
  }

  /** Reports once that pnpm calls the hooks. */
  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    const pnpm = process.env['npm_config_user_agent'] ?? 'pnpm';
    report(process.env, PNPM_STATUS, { event: 'armed', nonce: this.#nonce, pnpm });
  }

  #noteRefusal(error: unknown): void {
    const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (!REFUSAL.test(String(code))) return;
    // A hook that refuses is loaded. The refusal counts even if pnpm ignores it.
    this.#arm();
    const text = String(message);
    report(
      process.env,
      PNPM_STATUS,
      String(code).endsWith('UNSUPPORTED_PNPM')
        ? { event: 'unsupported', reason: text }
        : { event: 'blocked', subject: text },
    );
  }
}
