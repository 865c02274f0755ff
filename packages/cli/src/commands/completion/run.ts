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
  await write(await completionScript(SHELLS.find((name) => name === operands[0])!));
  return 0;
}

export async function completionScript(shell: (typeof SHELLS)[number]): Promise<string> {
  const commands = await allCommands({ commands: COMMANDS });
  return WRITERS[shell](completions(commands, Object.keys(rules)));
}
