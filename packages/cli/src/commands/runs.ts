/* The code of the commands by name. A command loads only its own. */
import type { CommandLineProgram } from '@tarwarden/host/command-line';
import { forClients } from '../command-line/commands.ts';

export const RUNS: CommandLineProgram['runs'] = {
  scan: async () => (await import('./scan/run.ts')).scan,
  audit: async () => (await import('./audit/run.ts')).auditCommand,
  seal: async () => (await import('./seal/run.ts')).sealCommand,
  explain: async () => (await import('./explain/run.ts')).explainCommand,
  unpack: async () => (await import('./unpack/run.ts')).unpackCommand,
  init: async () => (await import('./init/run.ts')).init,
  setup: async () => (await import('./setup/run.ts')).setupCommand,
  shims: async () => (await import('./shims/run.ts')).writeShims,
  verify: async () => (await import('./verify/run.ts')).verify,
  completion: async () => (await import('./completion/run.ts')).printCompletion,
  allow: async () => (await import('./allow/run.ts')).allow,
  doctor: async () => (await import('./doctor/run.ts')).doctor,
  rules: async () => (await import('./rules/run.ts')).listRules,
};

export const PASSED_ON: CommandLineProgram['passedOn'] = forClients(
  async (name) => (await import('./clients/run.ts'))[name],
);
