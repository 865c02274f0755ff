/*
 * The words that all shells complete, from the definitions of the commands. The scripts are our own, because libraries start the
 * program at every Tab and do not complete the managers behind our commands.
 */
import {
  helpCommand,
  isPassedOn,
  optionsOf,
  type Described,
  type OptionDefinition,
} from '@tarwarden/guard/command-line';

export interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Words that its arguments may be. */
  readonly words: readonly string[];
  /** The kind of paths that its arguments may be. */
  readonly paths: 'files' | 'folders' | undefined;
  /** Whether a package manager of this name gets the arguments. */
  readonly isManager: boolean;
}

export interface CompletedOption {
  /** The name with its two hyphens. */
  readonly name: string;
  readonly summary: string;
  /** The kind of its value. A switch has none. */
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly multiple: boolean;
}

const HELP: OptionDefinition = { description: 'show this help' };

/** Every command, and `help`, which takes their names as arguments. */
export function completions(
  commands: readonly Described[],
  ruleIds: readonly string[],
): Completed[] {
  const help = completed(helpCommand('tarwarden'), ruleIds);
  const names = commands.map(({ name }) => name);
  return [...commands.map((command) => completed(command, ruleIds)), { ...help, words: names }];
}

function completed(definition: Described, ruleIds: readonly string[]): Completed {
  const kinds = definition.arguments.map(({ complete }) => complete);
  const choices = definition.arguments.flatMap((argument) => argument.choices ?? []);
  const isManager = isPassedOn(definition);
  // Behind a manager's name, the shell's own completion knows the manager's options, and --help is one of them.
  const options = isManager ? definition.options : { ...optionsOf(definition), help: HELP };
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
  // Shells show the summary in one line beside the name. The first part of the description is enough.
  const summary = /^.*?(?=[;(:]|\. |$)/.exec(description)?.[0].trim() ?? '';
  return { name: `--${name}`, summary, value, choices, multiple };
}

/** Options of the program itself, before a command. */
export const PROGRAM_OPTIONS: readonly CompletedOption[] = [
  completedOption('help', HELP),
  completedOption('version', { description: 'show the version' }),
];
