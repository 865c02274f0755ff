import { rules } from '@tarwarden/core';
import { allCommands } from '@tarwarden/guard/command-line';
import { COMMANDS } from '../command-line/commands.ts';
import type { SHELLS } from '../commands/completion/definition.ts';
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { completions, type Completed } from './model.ts';
import { powershell } from './powershell.ts';
import { zsh } from './zsh.ts';

const WRITERS: Readonly<
  Record<(typeof SHELLS)[number], (commands: readonly Completed[]) => string>
> = { bash, zsh, fish, powershell };

export async function completionScript(shell: (typeof SHELLS)[number]): Promise<string> {
  const commands = await allCommands({ commands: COMMANDS });
  return WRITERS[shell](completions(commands, Object.keys(rules)));
}
