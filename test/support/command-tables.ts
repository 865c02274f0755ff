/** A command's usage, arguments and options in the words of its help, for the pages that are made from definitions. */
import { commonOptions, type Described } from '../../packages/guard/src/command-line/definition.ts';
import { commandOf } from '../../packages/guard/src/command-line/parse.ts';

export type TableRow = readonly [term: string, text: string];

/** The forms of a command, one on each line. */
export function usageLines(definition: Described): string[] {
  const command = commandOf(definition);
  return command
    .createHelp()
    .commandUsage(command)
    .split('\n')
    .map((line) => line.trim());
}

export function argumentRows(definition: Described): TableRow[] {
  const command = commandOf(definition);
  const help = command.createHelp();
  return help
    .visibleArguments(command)
    .map((argument) => [argument.name(), help.argumentDescription(argument)]);
}

/**
 * The options of a command, without `--help`.
 * @param kind Its own options, or those that commands of its program have in common.
 */
export function optionRows(definition: Described, kind: 'own' | 'common'): TableRow[] {
  const command = commandOf(definition);
  const help = command.createHelp();
  const common = new Set(Object.keys(commonOptions(definition)).map((name) => `--${name}`));
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help' && common.has(long ?? '') === (kind === 'common'))
    .map((option) => [help.optionTerm(option), help.optionDescription(option)]);
}
