/* Parses with commander, which checks, suggests and lays out the help. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { printable } from '@tarwarden/core/text';
import {
  optionsOf,
  UsageError,
  type ArgumentDefinition,
  type Call,
  type CommandLineProgram,
  type Described,
  type OptionDefinition,
  type OptionDefinitions,
  type Values,
} from './definition.ts';
import { helpCommand } from './help.ts';

/** The values in the arguments, or the help that they ask for. A mistake is a {@link UsageError}. */
export type Parsed<Options extends OptionDefinitions> =
  | { readonly help: string }
  | (Pick<Call<Options>, 'values' | 'operands'> & {
      /** Whether standard output is a report for people, which `--quiet` may leave out. */
      readonly isReport: boolean;
      readonly isQuiet: boolean;
    });

/** The suggestion that commander writes below a mistake. It holds known words only. */
const SUGGESTION = /\n\((Did you mean (?:one of )?[\w, -]+\?)\)$/;

/** Characters of a mistake that are shown: some of them are the user's. */
const MAX_MISTAKE_CHARS = 400;

export function parse<Options extends OptionDefinitions>(
  definition: Described<Options>,
  args: readonly string[],
): Parsed<Options> {
  const command = commandOf(definition);
  const help = helpAskedFor(command, args, definition.name);
  if (help !== undefined) return { help };
  const { json, quiet, ...values }: Record<string, unknown> = Object.fromEntries(
    command.options.map((option) => [
      (option.long ?? '').replace(/^--(?:no-)?/, ''),
      command.getOptionValue(option.attributeName()) as unknown,
    ]),
  );
  if (json === true) {
    const { reporter } = values;
    if (reporter !== 'json' && command.getOptionValueSource('reporter') === 'cli')
      throw new UsageError(
        `--json is short for --reporter json, and --reporter ${String(reporter)} was given as well; leave one of them out`,
        definition.name,
      );
    values['reporter'] = 'json';
  }
  const operands = command.args;
  const { printsData = [], arguments: argumentDefinitions } = definition;
  const action = argumentDefinitions[0]?.choices === undefined ? undefined : operands[0];
  const isData =
    printsData === true ||
    printsData.some((name) => values[name] === true || action === name) ||
    (values['reporter'] ?? 'text') !== 'text';
  // A command with --yes asks a question without it, and the text that the user has to read before must not be held back.
  const asks = 'yes' in definition.options && values['yes'] !== true;
  return {
    values: values as Values<Options>,
    operands,
    isReport: !isData && !asks,
    isQuiet: quiet === true,
  };
}

export function helpOf(definition: Described): string {
  return helpAskedFor(commandOf(definition), ['--help'], definition.name) ?? '';
}

/**
 * The help of a program with all of its commands.
 * @param firstArgument Its first argument, which is a mistake if it names no command.
 */
export function overview(
  firstArgument: string,
  program: CommandLineProgram,
  definitions: readonly Described[],
): string {
  return helpAskedFor(programOf(program, definitions), [firstArgument]) ?? '';
}

function helpAskedFor(
  command: Command,
  args: readonly string[],
  name?: string,
): string | undefined {
  let help = '';
  command.configureOutput({
    writeOut: (text) => (help += text),
    writeErr: () => undefined,
  });
  try {
    command.parse(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return help;
    throw new UsageError(mistake(error, command), name);
  }
}

function mistake({ code, message }: CommanderError, { options, commands }: Command): string {
  if (code === 'commander.help') return 'name a command';
  const [, switchName] = /^error: unknown option '(--[\w-]+)=/.exec(message) ?? [];
  if (switchName !== undefined && options.some(({ long }) => long === switchName))
    return `option '${switchName}' takes no value`;
  const suggestion = SUGGESTION.exec(message);
  const text = message.slice(0, suggestion?.index).replace(/^error: /, '');
  const isBeforeCommand = commands.length > 0 && code === 'commander.unknownOption';
  const hint =
    suggestion !== null
      ? ` (${suggestion[1]!.replace('Did', 'did')})`
      : isBeforeCommand
        ? ' before the command; write options after it'
        : '';
  return `${printable(text, MAX_MISTAKE_CHARS)}${hint}`;
}

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
function programOf(
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
    option.argParser<readonly unknown[] | undefined>((text, previous = []) => [
      ...previous,
      parse === undefined ? text : parse(text, undefined),
    ]);
  }
  // "--no-color --color" is no colour as well: a refusal wins.
  if (value === undefined && !option.negate)
    option.preset('').argParser((_, previous) => previous !== false);
  return option;
}

/** Exit codes behind the help, laid out as its other lists. */
function withTable(command: Command, exitCodes: Described['exitCodes']): Command {
  return command.addHelpText('after', () => {
    const help = command.createHelp();
    help.prepareContext({ helpWidth: columns() });
    const width = Math.max(...Object.keys(exitCodes).map((code) => code.length));
    const items = Object.entries(exitCodes).map(([code, meaning]) =>
      help.formatItem(code, width, meaning, help),
    );
    return `\n${help.formatItemList('Exit codes:', items, help).join('\n').trimEnd()}`;
  });
}

function columns(): number {
  return Math.min(process.stdout.columns || DEFAULT_COLUMNS, MAX_COLUMNS);
}
