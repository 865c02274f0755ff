import type { CommandLineProgram } from '@tarwarden/host/command-line';
import manifest from '../../package.json' with { type: 'json' };
import { PASSED_ON, RUNS } from '../commands/runs.ts';
import { COMMANDS } from './commands.ts';
import { movedTo } from './moved.ts';

/** The command that people type as `tarwarden`. */
export const TARWARDEN: CommandLineProgram = {
  name: 'tarwarden',
  version: manifest.version,
  description: 'Inspects package archives before they are unpacked.',
  exitCodes: [
    ['0', 'all accepted'],
    ['1', 'something was rejected'],
    ['2', 'something could not be inspected, or wrong usage'],
  ],
  commands: COMMANDS,
  runs: RUNS,
  passedOn: PASSED_ON,
  movedTo,
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guarded-run')).refuseNodeFile(command, args),
};
