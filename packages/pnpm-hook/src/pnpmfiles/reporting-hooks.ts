/* Hooks that report to `tarwarden pnpm`, which ran pnpm: that they are in the way, and what they refused. */
import { PNPM_STATUS, report } from '@tarwarden/guarded-run';
import { markHook } from './lockfile-trace.ts';

export type AnyHook = (...args: unknown[]) => unknown;
export type PnpmfileHooks = Readonly<Record<string, unknown>>;

const REFUSAL = /^ERR_PNPM_TARWARDEN_/;

export class HookReports {
  readonly #nonce: string;
  #armed = false;

  /** @param nonce The proof that the wrapper has given the hook, taken out of the environment. */
  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  /**
   * A hook that reports what it refused, and that it was asked. `updateConfig`, all that pnpm calls for `run` or `list`,
   * counts once it has accepted: it lets no pnpm on that is not known to ask the others before it installs.
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

  /** A copy with everything that is on it, marks among it, whose functions report. */
  ofAll(hooks: PnpmfileHooks): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    Object.defineProperties(copy, Object.getOwnPropertyDescriptors(hooks));
    for (const [name, hook] of Object.entries(hooks))
      if (typeof hook === 'function')
        copy[name] = markHook(this.of(hook as AnyHook, name === 'updateConfig'));
    return copy;
  }

  /** Fetchers of pnpm 10 are made by factories: what these return is what refuses. */
  ofFactories(factories: PnpmfileHooks): Record<string, unknown> {
    const copies = Object.entries(factories).map(([name, factory]) => [
      name,
      (...args: unknown[]) => this.of((factory as AnyHook)(...args) as AnyHook),
    ]);
    return markHook(Object.fromEntries(copies) as Record<string, unknown>);
  }

  /** The hook is in the way of an install. Once is enough. */
  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    const pnpm = process.env['npm_config_user_agent'] ?? 'pnpm';
    report(process.env, PNPM_STATUS, { event: 'armed', nonce: this.#nonce, pnpm });
  }

  #noteRefusal(error: unknown): void {
    const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (!REFUSAL.test(String(code))) return;
    // It is loaded, and a refusal counts whatever pnpm makes of it.
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
