import type { CommandLineProgram } from '@tarwarden/guard/command-line';
import manifest from '../../package.json' with { type: 'json' };

/** The command that people type as `tarwarden-server`. */
export const TARWARDEN_SERVER: CommandLineProgram = {
  name: 'tarwarden-server',
  version: manifest.version,
  description: 'inspects package archives for a whole organisation.',
  firstScreen: {
    use: 'These commands are servers and long tasks. The guard is the command tarwarden.',
    example: 'tarwarden-server gateway --upstream https://registry.npmjs.org',
  },
  exitCodes: {
    '0': 'the task is done, or you stopped the server',
    '1': 'an archive was rejected',
    '2': 'a server cannot start, an archive was not inspected, or wrong usage',
  },
  commands: {
    gateway: async () => (await import('./gateway/definition.ts')).definition,
    sweep: async () => (await import('./sweep/definition.ts')).definition,
  },
  runs: {
    gateway: async () => (await import('./gateway/run.ts')).gatewayCommand,
    sweep: async () => (await import('./sweep/run.ts')).sweepCommand,
  },
  passedOn: {},
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guard/run')).refuseNodeFile(command, args),
};
