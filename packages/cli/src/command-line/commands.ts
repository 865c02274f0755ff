/* The commands by name: their definitions, and the code that runs them. Each is loaded when it is needed, and a command loads only its own. */
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

function forClients<Part>(
  load: (name: (typeof CLIENTS)[number]) => Promise<Part>,
): Record<string, () => Promise<Part>> {
  return Object.fromEntries(CLIENTS.map((name) => [name, async () => load(name)]));
}

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

export const RUNS: CommandLineProgram['runs'] = {
  scan: async () => (await import('../commands/scan/run.ts')).scan,
  audit: async () => (await import('../commands/audit/run.ts')).auditCommand,
  seal: async () => (await import('../commands/seal/run.ts')).sealCommand,
  explain: async () => (await import('../commands/explain/run.ts')).explainCommand,
  unpack: async () => (await import('../commands/unpack/run.ts')).unpackCommand,
  init: async () => (await import('../commands/init/run.ts')).init,
  setup: async () => (await import('../commands/setup/run.ts')).setupCommand,
  shims: async () => (await import('../commands/shims/run.ts')).writeShims,
  verify: async () => (await import('../commands/verify/run.ts')).verify,
  completion: async () => (await import('../commands/completion/run.ts')).printCompletion,
  allow: async () => (await import('../commands/allow/run.ts')).allow,
  doctor: async () => (await import('../commands/doctor/run.ts')).doctor,
  rules: async () => (await import('../commands/rules/run.ts')).listRules,
};

export const PASSED_ON: CommandLineProgram['passedOn'] = forClients(
  async (name) => (await import('../commands/clients/run.ts'))[name],
);
