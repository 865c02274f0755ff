/*
 * What shells complete, from the definitions of the commands: the same for each of them. Scripts of our own, because libraries
 * start the program at every Tab, and know nothing of the managers behind ours.
 */
import type { CommandDefinition, OptionDefinition } from '@tarwarden/host/command-line';

export interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments may be. */
  readonly words: readonly string[];
  /** Which paths its arguments may be; none where it is undefined. */
  readonly paths: 'files' | 'folders' | undefined;
  /** Whether a package manager of its name gets the arguments. */
  readonly isManager: boolean;
}

export interface CompletedOption {
  /** With its two hyphens. */
  readonly name: string;
  readonly summary: string;
  /** What its value is; a switch has none. */
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly multiple: boolean;
}

const HELP: OptionDefinition = { description: 'show this help' };

/** Every command, and `help`, which is none of them and takes their names. */
export function completions(
  commands: readonly CommandDefinition[],
  ruleIds: readonly string[],
): Completed[] {
  const help: Completed = {
    name: 'help',
    summary: 'show the help of a command',
    options: [],
    words: commands.map(({ name }) => name),
    paths: undefined,
    isManager: false,
  };
  return [...commands.map((one) => completed(one, ruleIds)), help];
}

function completed(definition: CommandDefinition, ruleIds: readonly string[]): Completed {
  const kinds = definition.arguments.map(({ complete }) => complete);
  const choices = definition.arguments.flatMap((one) => one.choices ?? []);
  const isManager = 'passOn' in definition;
  // Behind a manager, the shell's own completion knows its options, and --help is one of them.
  const options = isManager ? definition.options : { ...definition.options, help: HELP };
  return {
    name: definition.name,
    summary: definition.summary,
    options: Object.entries(options).map(([name, option]) => completedOption(name, option)),
    words: kinds.includes('rules') ? ruleIds : choices,
    paths: (['files', 'folders'] as const).find((kind) => kinds.includes(kind)),
    isManager,
  };
}

function completedOption(name: string, option: OptionDefinition): CompletedOption {
  const { description, value, choices = [], multiple = false } = option;
  // Shells show it in one line beside the name: the first part says enough.
  const summary = /^.*?(?=[;(]|$)/.exec(description)?.[0].trim() ?? '';
  return { name: `--${name}`, summary, value, choices, multiple };
}

/** Options of the program itself, which stand before a command. */
export const PROGRAM_OPTIONS: readonly CompletedOption[] = [
  completedOption('help', HELP),
  completedOption('version', { description: 'show the version' }),
];
