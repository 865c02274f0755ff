import { isPassedOn, type Described } from '@tarwarden/host/command-line/definition';
import { EXIT, fail } from './exit-codes.ts';
import { obeyedNodeFile } from './node-files.ts';

/**
 * The exit code if Node has read options for this process from a file that an argument names, such as `--env-file` of bun. The author
 * of that file could change the guard. It is too late to stop Node, so this ends the run.
 */
export function refuseNodeFile(command: Described, args: readonly string[]): number | undefined {
  const found = obeyedNodeFile(args, process.env);
  if (found === undefined) return undefined;
  const typed = `${command.program ?? 'tarwarden'} ${command.name}`;
  const client = isPassedOn(command);
  const remedy =
    client && found.endsAtDashes
      ? `put "--" before what is for ${command.name}: ${typed} -- …`
      : `set NODE_OPTIONS, if only to nothing: NODE_OPTIONS= ${typed} …`;
  return fail(
    client ? EXIT.UNSUPPORTED : 2,
    `${command.name} was not run: Node itself reads the file of ${found.argument.replace(/=.*/s, '')}, and it has, or may have, options for Node (NODE_OPTIONS), which Node obeyed in this process; ${remedy}`,
  );
}
