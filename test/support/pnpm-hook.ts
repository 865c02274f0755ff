/** A copy of the pnpm hook whose parts a test gives. */
import { Hook } from '../../packages/pnpm-hook/src/hook.ts';
import { HookRefusals } from '../../packages/pnpm-hook/src/refusals.ts';

/** Fails nothing but what is asked of it: the exit code of the tests is theirs. */
export function testHook(parts: { readonly [Key in keyof Hook]?: unknown } = {}): Hook {
  const refusals = new HookRefusals(() => undefined);
  return Object.assign(new Hook(), { refusals, ...parts }) as Hook;
}
