import type { CommandDefinition } from './definition.ts';

/** The commands by name, each definition loaded when it is asked for. */
export const COMMANDS: Readonly<Record<string, () => Promise<CommandDefinition>>> = {
  scan: async () => (await import('../commands/scan.ts')).scan,
  audit: async () => (await import('../commands/audit.ts')).audit,
  explain: async () => (await import('../commands/explain.ts')).explain,
  unpack: async () => (await import('../commands/unpack.ts')).unpack,
  npm: async () => (await import('../commands/npm.ts')).npm,
  npx: async () => (await import('../commands/npm.ts')).npx,
  pnpm: async () => (await import('../commands/pnpm.ts')).pnpm,
  pnpx: async () => (await import('../commands/pnpm.ts')).pnpx,
  yarn: async () => (await import('../commands/yarn.ts')).yarn,
  bun: async () => (await import('../commands/bun.ts')).bun,
  bunx: async () => (await import('../commands/bun.ts')).bunx,
  go: async () => (await import('../commands/go.ts')).go,
  pip: async () => (await import('../commands/pip.ts')).pip,
  pip3: async () => (await import('../commands/pip.ts')).pip3,
  python: async () => (await import('../commands/pip.ts')).python,
  python3: async () => (await import('../commands/pip.ts')).python3,
  gem: async () => (await import('../commands/gem.ts')).gem,
  bundle: async () => (await import('../commands/bundle.ts')).bundle,
  init: async () => (await import('../commands/init.ts')).init,
  shims: async () => (await import('../commands/shims.ts')).shims,
  verify: async () => (await import('../commands/verify.ts')).verify,
  completion: async () => (await import('../commands/completion.ts')).completion,
  allow: async () => (await import('../commands/allow.ts')).allow,
  doctor: async () => (await import('../commands/doctor.ts')).doctor,
  keys: async () => (await import('../commands/keys.ts')).keys,
  verdicts: async () => (await import('../commands/verdicts.ts')).verdicts,
  gateway: async () => (await import('../commands/gateway.ts')).gateway,
  verdaccio: async () => (await import('../commands/verdaccio.ts')).verdaccio,
  sweep: async () => (await import('../commands/sweep.ts')).sweep,
  rules: async () => (await import('../commands/rules.ts')).rules,
};

/** All definitions, for what is said of every command. */
export async function allCommands(): Promise<CommandDefinition[]> {
  return Promise.all(Object.values(COMMANDS).map(async (load) => load()));
}
