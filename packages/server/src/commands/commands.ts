import type { CommandLineProgram } from '@tarwarden/host/command-line';
import manifest from '../../package.json' with { type: 'json' };

/** The command that people type as `tarwarden-server`. */
export const TARWARDEN_SERVER: CommandLineProgram = {
  name: 'tarwarden-server',
  version: manifest.version,
  description: 'Inspects package archives for a whole organisation.',
  exitCodes: [
    ['0', 'done, or stopped'],
    ['1', 'something was rejected'],
    ['2', 'a server cannot start, something was not inspected, or wrong usage'],
  ],
  commands: {
    gateway: async () => (await import('./gateway/definition.ts')).gateway,
    verdaccio: async () => (await import('./verdaccio/definition.ts')).verdaccio,
    verdicts: async () => (await import('./verdicts/definition.ts')).verdicts,
    sweep: async () => (await import('./sweep/definition.ts')).sweep,
  },
  runs: {
    gateway: async () => (await import('./gateway/run.ts')).gatewayCommand,
    verdaccio: async () => (await import('./verdaccio/run.ts')).verdaccioCommand,
    verdicts: async () => (await import('./verdicts/run.ts')).serveVerdicts,
    sweep: async () => (await import('./sweep/run.ts')).sweepCommand,
  },
  passedOn: {},
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guarded-run')).refuseNodeFile(command, args),
};
