import { CommanderError, type Command } from 'commander';
import { printable } from '@tarwarden/core/text';
import { UsageError } from './usage-error.ts';
import type {
  Call,
  CommandLineProgram,
  Described,
  OptionDefinitions,
  Values,
} from './definition.ts';
import { commandOf, programOf } from './program.ts';

/** The values in the arguments, or the help that they ask for. A mistake is a {@link UsageError}. */
export type Parsed<Options extends OptionDefinitions> =
  | { readonly help: string }
  | Pick<Call<Options>, 'values' | 'operands'>;

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
  const values = command.options.map((option) => [
    (option.long ?? '').replace(/^--(?:no-)?/, ''),
    command.getOptionValue(option.attributeName()) as unknown,
  ]);
  return { values: Object.fromEntries(values) as Values<Options>, operands: command.args };
}

/** The help of a command. */
export function helpOf(definition: Described): string {
  return helpAskedFor(commandOf(definition), ['--help'], definition.name) ?? '';
}

/** The help of the program, unless its first argument is a mistake. */
export function overview(
  first: string | undefined,
  program: CommandLineProgram,
  definitions: readonly Described[],
): string {
  return helpAskedFor(programOf(program, definitions), [first ?? '--help']) ?? '';
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
    throw new UsageError(mistake(error), name);
  }
}

function mistake({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'name a command';
  const suggestion = SUGGESTION.exec(message);
  const text = message.slice(0, suggestion?.index).replace(/^error: /, '');
  const hint = suggestion === null ? '' : ` (${suggestion[1]!.replace('Did', 'did')})`;
  return `${printable(text, MAX_MISTAKE_CHARS)}${hint}`;
}
