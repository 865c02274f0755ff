/* Definitions as commands of commander, which parses, checks, suggests and lays out the help. */
import { Argument, Command, Option } from 'commander';
import {
  optionsOf,
  type ArgumentDefinition,
  type CommandLineProgram,
  type Described,
  type OptionDefinition,
} from './definition.ts';
import { helpCommand } from './help.ts';

/** Columns of help where there is no terminal, and the most that are read with ease. */
const DEFAULT_COLUMNS = 80;
const MAX_COLUMNS = 100;

/** Nothing is written, and no process ends: help and mistakes are thrown. */
function quiet(name: string): Command {
  return new Command(name)
    .configureOutput({ getOutHelpWidth: columns })
    .helpOption('-h, --help', 'show this help')
    .exitOverride();
}

/** The program, for the list of its commands. */
export function programOf(
  { name: programName, description, version, exitCodes }: CommandLineProgram,
  definitions: readonly Described[],
): Command {
  const program = quiet(programName)
    .description(`${programName} ${description}`)
    .usage('<command> [argument...]')
    .version(version, '-v, --version', 'show the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .helpCommand(false);
  for (const { name, summary, group } of [...definitions, helpCommand(programName)])
    program.addCommand(new Command(name).summary(summary).helpGroup(`${group}:`));
  return withTable(program, exitCodes);
}

/** One command. It is no sub-command of a program: making one, and finding it in there, is a cost of every start. */
export function commandOf(definition: Described): Command {
  const { name, program = 'tarwarden', description, usage } = definition;
  const full = `${program} ${name}`;
  const command = quiet(full).description(description.join('\n\n'));
  if (usage !== undefined) command.usage(usage.join(`\n       ${full} `));
  for (const argument of definition.arguments) command.addArgument(argumentOf(argument));
  for (const [long, option] of Object.entries(optionsOf(definition)))
    command.addOption(optionOf(long, option));
  command.addHelpText('after', `\nExamples:\n  ${definition.examples.join('\n  ')}`);
  return withTable(command, definition.exitCodes);
}

function argumentOf({ syntax, description, choices }: ArgumentDefinition): Argument {
  const argument = new Argument(syntax, description);
  return choices === undefined ? argument : argument.choices(choices);
}

function optionOf(name: string, definition: OptionDefinition): Option {
  const { description, value, choices, multiple } = definition;
  const option = new Option(
    value === undefined ? `--${name}` : `--${name} <${value}>`,
    description,
  );
  if (choices !== undefined) option.choices(choices);
  if (definition.default !== undefined) option.default(definition.default);
  if (multiple === true) {
    const parse = option.parseArg;
    option.argParser<readonly unknown[] | undefined>((given, before = []) => [
      ...before,
      parse === undefined ? given : parse(given, undefined),
    ]);
  }
  // "--no-color --color" is no colour as well: a refusal wins.
  if (value === undefined && !option.negate)
    option.preset('').argParser((_, before) => before !== false);
  return option;
}

/** Exit codes behind the help, laid out as its other lists. */
function withTable(command: Command, exitCodes: Described['exitCodes']): Command {
  return command.addHelpText('after', () => {
    const help = command.createHelp();
    help.prepareContext({ helpWidth: columns() });
    const width = Math.max(...exitCodes.map(([codes]) => codes.length));
    const items = exitCodes.map(([codes, meaning]) => help.formatItem(codes, width, meaning, help));
    return `\n${help.formatItemList('Exit codes:', items, help).join('\n').trimEnd()}`;
  });
}

function columns(): number {
  return Math.min(process.stdout.columns || DEFAULT_COLUMNS, MAX_COLUMNS);
}
