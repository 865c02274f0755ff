import type { CommandLineProgram } from '@tarwarden/guard/command-line';
import { CLIENTS } from '../commands/common-options.ts';

export function forClients<Part>(
  load: (name: (typeof CLIENTS)[number]) => Promise<Part>,
): Record<string, () => Promise<Part>> {
  return Object.fromEntries(CLIENTS.map((name) => [name, async () => load(name)]));
}

/** The definitions of the commands by name. A definition is loaded when it is asked for. */
export const COMMANDS: CommandLineProgram['commands'] = {
  scan: async () => (await import('../commands/scan/definition.ts')).definition,
  audit: async () => (await import('../commands/audit/definition.ts')).definition,
  seal: async () => (await import('../commands/seal/definition.ts')).definition,
  explain: async () => (await import('../commands/explain/definition.ts')).definition,
  unpack: async () => (await import('../commands/unpack/definition.ts')).definition,
  ...forClients(async (name) => (await import('../commands/clients/definition.ts'))[name]),
  setup: async () => (await import('../commands/setup/definition.ts')).definition,
  init: async () => (await import('../commands/init/definition.ts')).definition,
  shims: async () => (await import('../commands/shims/definition.ts')).definition,
  verify: async () => (await import('../commands/verify/definition.ts')).definition,
  completion: async () => (await import('../commands/completion/definition.ts')).definition,
  allow: async () => (await import('../commands/allow/definition.ts')).definition,
  doctor: async () => (await import('../commands/doctor/definition.ts')).definition,
  rules: async () => (await import('../commands/rules/definition.ts')).definition,
};
