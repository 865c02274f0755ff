import manifest from '../../package.json' with { type: 'json' };
import type { CommandLineProgram } from '@tarwarden/host/command-line';
import { PASSED_ON, RUNS } from '../commands/runs.ts';
import { COMMANDS } from './commands.ts';

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
  runs: RUNS,
  passedOn: PASSED_ON,
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guarded-run')).refuseNodeFile(command, args),
};
