/**
 * A command as data: its parsing, its help, its suggestions and its part of docs/cli.md come from this. The
 * code that it runs is loaded by `run` or `passOn`, so that help and mistakes load none of it.
 */
export type CommandDefinition = ParsedCommand | PassThroughCommand;

/** What is said of a command, and checked in its arguments. */
export interface Described<Options extends OptionDefinitions = OptionDefinitions> {
  readonly name: string;
  /** The program that has the command, if it is not `tarwarden`. */
  readonly program?: 'tarwarden-server';
  /** Its line in the list of commands. */
  readonly summary: string;
  /** Heading under which the list of commands has it. */
  readonly group:
    | 'Archives'
    | 'Package managers, guarded'
    | 'Set-up'
    | 'Shared verdicts'
    | 'Servers'
    | 'Reference';
  /** Paragraphs of its help. */
  readonly description: readonly string[];
  /** Lines as they are typed, at least one. */
  readonly examples: readonly [string, ...string[]];
  /** What may follow its name, one form each, where arguments and options do not say it. */
  readonly usage?: readonly string[];
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: Options;
  readonly exitCodes: readonly (readonly [codes: string, meaning: string])[];
}

/** A command whose arguments are all its own. */
export interface ParsedCommand<
  Options extends OptionDefinitions = OptionDefinitions,
> extends Described<Options> {
  run(call: Call<Options>): Promise<number>;
}

/**
 * A command that hands its arguments on to a package manager. It gets them as they were given: what is parsed and put
 * together again is not byte for byte the same (`--package=y` and `--package y`, a repeated option, a second `--`).
 */
export interface PassThroughCommand extends Described {
  passOn(args: readonly string[], mainUrl: string): Promise<number>;
}

export interface ArgumentDefinition {
  /** `<file>`, `[id...]`: as commander spells required, optional and repeated ones. */
  readonly syntax: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** What a shell completes where there are no choices; without it, nothing. */
  readonly complete?: 'files' | 'folders' | 'rules';
}

/** Options by their long names. One that begins with `no-` switches another off. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

export interface OptionDefinition {
  readonly description: string;
  /** What its value is; a switch has none. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** May be given several times. */
  readonly multiple?: true;
}

/** What a command was called with, checked against its definition. */
export interface Call<Options extends OptionDefinitions> {
  readonly values: Values<Options>;
  readonly operands: readonly string[];
  /** Address of the program's main file. */
  readonly mainUrl: string;
}

export type Values<Options extends OptionDefinitions> = {
  readonly [
    Name in keyof Options as Name extends `no-${string}` ? never : Name
  ]: Options[Name] extends { readonly multiple: true }
    ? readonly ValueOf<Options[Name]>[] | undefined
    : Options[Name] extends { readonly default: string }
      ? ValueOf<Options[Name]>
      : ValueOf<Options[Name]> | undefined;
};

type ValueOf<Option extends OptionDefinition> = Option extends { readonly value: string }
  ? Option extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string
  : boolean;

/** A program whose commands are all definitions. */
export interface CommandLineProgram {
  readonly name: 'tarwarden' | 'tarwarden-server';
  readonly version: string;
  /** First line of its help. */
  readonly description: string;
  readonly exitCodes: Described['exitCodes'];
  /** The commands by name, each definition loaded when it is asked for. */
  readonly commands: Readonly<Record<string, () => Promise<CommandDefinition>>>;
  /** Where a command of this name, with these arguments, is now: the command line to type instead. */
  movedTo?(name: string, args: readonly string[]): string | undefined;
  /** Refuses a run in which Node itself has obeyed a file that the arguments name. @returns The exit code. */
  refuseNodeFile(command: CommandDefinition, args: readonly string[]): Promise<number | undefined>;
}

/** All definitions of a program. */
export async function allCommands({ commands }: CommandLineProgram): Promise<CommandDefinition[]> {
  return Promise.all(Object.values(commands).map(async (load) => load()));
}
