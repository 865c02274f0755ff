import manifest from '../../package.json' with { type: 'json' };
import type { CommandLineProgram } from '@tarwarden/guard/command-line';
import { COMMANDS, forClients } from './commands.ts';

export const TARWARDEN: CommandLineProgram = {
  name: 'tarwarden',
  version: manifest.version,
  description: 'inspects package archives before a package manager unpacks them.',
  firstScreen: {
    use: 'To guard one run of a package manager, put tarwarden in front: tarwarden npm ci',
    example: 'tarwarden audit    # inspects all packages that the lockfiles here name',
  },
  exitCodes: {
    '0': 'everything was accepted',
    '1': 'something was rejected or refused',
    '2': 'something was not inspected, or the command line or a policy file is wrong',
  },
  commands: COMMANDS,
  // A command loads only its own code.
  runs: {
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
  },
  passedOn: forClients(async (name) => (await import('../commands/clients/run.ts'))[name]),
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guard/run')).refuseNodeFile(command, args),
};
