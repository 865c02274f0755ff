import type { CommandDefinition } from '@tarwarden/host/command-line';
import { EXIT, fail } from './exit-codes.ts';
import { obeyedNodeFile } from './node-files.ts';

/**
 * The exit code where Node has taken options for this process from a file that the arguments name, as `--env-file` for bun:
 * who wrote that file could change the guard. By then Node has obeyed; only what starts Node can keep it from that.
 */
export function refuseNodeFile(
  command: CommandDefinition,
  args: readonly string[],
): number | undefined {
  const found = obeyedNodeFile(args, process.env);
  if (found === undefined) return undefined;
  const typed = `${command.program ?? 'tarwarden'} ${command.name}`;
  const client = 'passOn' in command;
  const remedy =
    client && found.endsAtDashes
      ? `put "--" before what is for ${command.name}: ${typed} -- …`
      : `set NODE_OPTIONS, if only to nothing: NODE_OPTIONS= ${typed} …`;
  return fail(
    client ? EXIT.UNSUPPORTED : 2,
    `${command.name} was not run: Node itself reads the file of ${found.argument.replace(/=.*/s, '')}, and it has, or may have, options for Node (NODE_OPTIONS), which Node obeyed in this process; ${remedy}`,
  );
}
