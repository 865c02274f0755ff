import { rules } from '@tarwarden/core';
import { COMMANDS } from '../../command-line/commands.ts';
import { allCommands, type Call, write } from '@tarwarden/host/command-line';
import { SHELLS } from './definition.ts';
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { completions, type Completed } from './model.ts';
import { powershell } from './powershell.ts';
import { zsh } from './zsh.ts';

const WRITERS: Readonly<
  Record<(typeof SHELLS)[number], (commands: readonly Completed[]) => string>
> = { bash, zsh, fish, powershell };

/** `tarwarden completion SHELL`: the script of one shell. */
export async function printCompletion({ operands }: Call<Record<never, never>>): Promise<number> {
  const shell = SHELLS.find((name) => name === operands[0])!;
  await write(
    WRITERS[shell](completions(await allCommands({ commands: COMMANDS }), Object.keys(rules))),
  );
  return 0;
}
