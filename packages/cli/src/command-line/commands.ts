import type { Described, ParsedCommand } from './definition.ts';

/** The definitions of the commands by name. A definition is loaded when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<Described | ParsedCommand>>> = {
  scan: async () => (await import('../commands/scan/definition.ts')).scan,
  audit: async () => (await import('../commands/audit/definition.ts')).audit,
  explain: async () => (await import('../commands/explain/definition.ts')).explain,
  unpack: async () => (await import('../commands/unpack/definition.ts')).unpack,
  npm: async () => (await import('../commands/npm/definition.ts')).npm,
  npx: async () => (await import('../commands/npm/definition.ts')).npx,
  pnpm: async () => (await import('../commands/pnpm/definition.ts')).pnpm,
  pnpx: async () => (await import('../commands/pnpm/definition.ts')).pnpx,
  yarn: async () => (await import('../commands/yarn/definition.ts')).yarn,
  bun: async () => (await import('../commands/bun/definition.ts')).bun,
  bunx: async () => (await import('../commands/bun/definition.ts')).bunx,
  go: async () => (await import('../commands/go/definition.ts')).go,
  pip: async () => (await import('../commands/pip/definition.ts')).pip,
  pip3: async () => (await import('../commands/pip/definition.ts')).pip3,
  python: async () => (await import('../commands/pip/definition.ts')).python,
  python3: async () => (await import('../commands/pip/definition.ts')).python3,
  gem: async () => (await import('../commands/gem/definition.ts')).gem,
  bundle: async () => (await import('../commands/gem/definition.ts')).bundle,
  init: async () => (await import('../commands/init/definition.ts')).init,
  shims: async () => (await import('../commands/shims/definition.ts')).shims,
  verify: async () => (await import('../commands/verify/definition.ts')).verify,
  completion: async () => (await import('../commands/completion/definition.ts')).completion,
  allow: async () => (await import('../commands/allow/definition.ts')).allow,
  doctor: async () => (await import('../commands/doctor/definition.ts')).doctor,
  keys: async () => (await import('../commands/keys/definition.ts')).keys,
  verdicts: async () => (await import('../commands/verdicts/definition.ts')).verdicts,
  gateway: async () => (await import('../commands/gateway.ts')).gateway,
  verdaccio: async () => (await import('../commands/verdaccio.ts')).verdaccio,
  sweep: async () => (await import('../commands/sweep.ts')).sweep,
  rules: async () => (await import('../commands/rules/definition.ts')).rules,
};

/** The definitions of all commands, for the overview, completion and docs/cli.md. */
export async function allCommands(): Promise<Described[]> {
  return Promise.all(Object.values(COMMANDS).map(async (load) => load()));
}
