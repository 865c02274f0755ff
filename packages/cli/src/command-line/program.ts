/* Definitions as commands of commander, which parses, checks, suggests and lays out the help. */
import { Argument, Command, Option } from 'commander';
import type { ArgumentDefinition, Described, OptionDefinition } from './definition.ts';

/** The columns of help without a terminal, and the most that are easy to read. */
const DEFAULT_COLUMNS = 80;
const MAX_COLUMNS = 100;

/** A command that writes nothing and ends no process: help and mistakes are thrown. */
function quiet(name: string): Command {
  return new Command(name)
    .configureOutput({ getOutHelpWidth: columns })
    .helpOption('-h, --help', 'show this help')
    .exitOverride();
}

/** The program, for the list of its commands. */
export function programOf(definitions: readonly Described[], version: string): Command {
  const program = quiet('tarwarden')
    .description('Inspects package archives before they are unpacked.')
    .usage('<command> [argument...]')
    .version(version, '-v, --version', 'show the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpCommand(
      new Command('help').summary('show the help of a command').helpGroup('Reference:'),
    );
  for (const { name, summary, group } of definitions)
    program.addCommand(new Command(name).summary(summary).helpGroup(`${group}:`));
  return withTable(program, [
    ['0', 'all accepted'],
    ['1', 'something was rejected'],
    ['2', 'something could not be inspected, or wrong usage'],
  ]);
}

/** One command. It is not a sub-command of the program, because every start would wait for all of them. */
export function commandOf(definition: Described): Command {
  const { name, description, usage } = definition;
  const full = `tarwarden ${name}`;
  const command = quiet(full).description(description.join('\n\n'));
  if (usage !== undefined) command.usage(usage.join(`\n       ${full} `));
  for (const one of definition.arguments) command.addArgument(argumentOf(one));
  for (const [long, option] of Object.entries(definition.options))
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
    const one = option.parseArg;
    option.argParser<readonly unknown[] | undefined>((given, before = []) => [
      ...before,
      one === undefined ? given : one(given, undefined),
    ]);
  }
  // "--no-color --color" means no colour as well.
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
