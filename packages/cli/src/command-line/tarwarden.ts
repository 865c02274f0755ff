import manifest from '../../package.json' with { type: 'json' };
import type { CommandLineProgram } from '@tarwarden/host/command-line';
import { PASSED_ON, RUNS } from '../commands/runs.ts';
import { COMMANDS } from './commands.ts';

/** Commands of older versions that are commands of `tarwarden-server` now. */
const MOVED: ReadonlySet<string> = new Set(['gateway', 'sweep']);
/** Actions of `tarwarden verdicts` that stayed. */
const VERDICTS: ReadonlySet<string> = new Set(['push', 'pull', 'export', 'import']);

/** Says where a command is now. Undefined if it is here, or never existed. */
export function movedTo(name: string, args: readonly string[]): string | undefined {
  if (MOVED.has(name)) return moved(name);
  if (name !== 'verdicts' || !args.includes('serve')) return undefined;
  // "serve" may also be the name of a folder or file: tarwarden verdicts push serve
  const isServe = args[0] === 'serve' || !args.some((arg) => VERDICTS.has(arg));
  return isServe ? moved('verdicts serve') : undefined;
}

function moved(command: string): string {
  return `"${command}" has moved to the package tarwarden-server; run: tarwarden-server ${command} …`;
}

/** The command that people type as `tarwarden`. */
export const TARWARDEN: CommandLineProgram = {
  name: 'tarwarden',
  version: manifest.version,
  description: 'inspects package archives before a package manager unpacks them.',
  firstScreen: {
    use: 'To guard one run of a package manager, put tarwarden in front: tarwarden npm ci',
    example: 'tarwarden audit    # inspects all packages that the lockfiles here name',
  },
  exitCodes: [
    ['0', 'everything was accepted'],
    ['1', 'something was rejected or refused'],
    ['2', 'something was not inspected, or the command line or a policy file is wrong'],
  ],
  commands: COMMANDS,
  runs: RUNS,
  passedOn: PASSED_ON,
  movedTo,
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guarded-run')).refuseNodeFile(command, args),
};
