import { rules } from '@tarwarden/core';
import { allCommands } from '../../command-line/commands.ts';
import type { Call } from '../../command-line/definition.ts';
import { SHELLS } from './definition.ts';
import { write } from '../../output.ts';
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
  await write(WRITERS[shell](completions(await allCommands(), Object.keys(rules))));
  return 0;
}
