/** The state of a copy of the hook: made once for a process, anew for a test. */
import { afterEach, expect, test, vi } from 'vitest';
import { Hook } from '../../../packages/pnpm-hook/src/hook.ts';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
let written: string[];
freshFolder((fresh) => {
  root = fresh;
  for (const name of ['HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, root);
  vi.spyOn(process, 'once').mockReturnValue(process);
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const userAgent = 'pnpm/10.34.8 npm/? node/v20.20.2 linux x64';

test('all who ask one hook have the same parts', async () => {
  const hook = new Hook();
  expect(hook.guardSoFar()).toBeUndefined();
  const guard = hook.guard(root);
  expect([hook.guard(), hook.guardSoFar()]).toEqual([guard, guard]);
  expect(hook.gates()).toBe(hook.gates());
  expect(hook.handoff()).toBe(hook.handoff());
  expect(hook.inspection()).toBe(hook.inspection());
  await Promise.all([guard, hook.gates(), hook.handoff(), hook.inspection()]);
});

test('two hooks share nothing', () => {
  const [one, two] = [new Hook(), new Hook()];
  one.begin({ userAgent, registry: 'https://one.example/' });
  expect(() => two.session()).toThrow(/without having shown its configuration/);
  two.begin({ userAgent, registry: 'https://two.example/' });
  one.adoptRegistries({ default: 'https://other.example/', '@s': 'https://scope.example/' });
  expect([one, two].map((hook) => hook.session().settings)).toMatchObject([
    { registry: 'https://other.example/', scopes: { '@s': 'https://scope.example/' } },
    { registry: 'https://two.example/', scopes: {} },
  ]);
  const refusal = one.refusals.add(new HookError('REJECTED', 'a is refused'));
  expect(() => one.refusals.rethrow()).toThrow(refusal);
  expect(() => two.refusals.rethrow()).not.toThrow();
});

test('a pnpm that is not known is not begun with', () => {
  const hook = new Hook();
  expect(() => hook.begin({ userAgent: 'pnpm/9.0.0 x' })).toThrow(/this is pnpm 9\.0\.0/);
  expect(() => hook.session()).toThrow(HookError);
});

test('what is said is said once', () => {
  const { messages } = new Hook();
  messages.warn('mind the gap');
  messages.warn('mind the gap');
  messages.show('a block\n');
  expect(written).toEqual(['\ntarwarden: mind the gap\n\n', '\na block\n\n']);
});
