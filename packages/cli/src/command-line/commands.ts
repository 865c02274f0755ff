import type { CommandLineProgram } from '@tarwarden/host/command-line';

/** The commands that hand their arguments on to a package manager. */
const CLIENTS = [
  'npm',
  'npx',
  'pnpm',
  'pnpx',
  'yarn',
  'bun',
  'bunx',
  'go',
  'pip',
  'pip3',
  'python',
  'python3',
  'gem',
  'bundle',
] as const;

export function forClients<Part>(
  load: (name: (typeof CLIENTS)[number]) => Promise<Part>,
): Record<string, () => Promise<Part>> {
  return Object.fromEntries(CLIENTS.map((name) => [name, async () => load(name)]));
}

/** The definitions of the commands by name. A definition is loaded when it is asked for. */
export const COMMANDS: CommandLineProgram['commands'] = {
  scan: async () => (await import('../commands/scan/definition.ts')).scan,
  audit: async () => (await import('../commands/audit/definition.ts')).audit,
  seal: async () => (await import('../commands/seal/definition.ts')).seal,
  explain: async () => (await import('../commands/explain/definition.ts')).explain,
  unpack: async () => (await import('../commands/unpack/definition.ts')).unpack,
  ...forClients(async (name) => (await import('../commands/clients/definition.ts'))[name]),
  setup: async () => (await import('../commands/setup/definition.ts')).setup,
  init: async () => (await import('../commands/init/definition.ts')).init,
  shims: async () => (await import('../commands/shims/definition.ts')).shims,
  verify: async () => (await import('../commands/verify/definition.ts')).verify,
  completion: async () => (await import('../commands/completion/definition.ts')).completion,
  allow: async () => (await import('../commands/allow/definition.ts')).allow,
  doctor: async () => (await import('../commands/doctor/definition.ts')).doctor,
  rules: async () => (await import('../commands/rules/definition.ts')).rules,
};
