/**
 * A command as data: its parsing, its help, its suggestions and its part of docs/cli.md come from this. The
 * code of the command is in another file, so that help and mistakes load none of it.
 */
export interface Described<Options extends OptionDefinitions = OptionDefinitions> {
  readonly name: string;
  /** The program that has the command, if it is not `tarwarden`. */
  readonly program?: 'tarwarden-server';
  readonly summary: string;
  /** Heading under which the list of commands has it. */
  readonly group: 'Archives' | 'Package managers, guarded' | 'Set-up' | 'Servers' | 'Reference';
  /** Its place in the short list of the first screen. Without one, only the list of all commands has it. */
  readonly firstScreen?: number;
  /**
   * Its standard output is data that was asked for, which `--quiet` keeps: always, or with one of these options or actions.
   * Data in another form than text is always kept.
   */
  readonly printsData?: true | readonly string[];
  /** Paragraphs of its help. */
  readonly description: readonly string[];
  /** Lines as they are typed, at least one. */
  readonly examples: readonly [string, ...string[]];
  /** The forms of its arguments, if the arguments and options do not show them. */
  readonly usage?: readonly string[];
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: Options;
  /** The meaning of each exit code. */
  readonly exitCodes: Readonly<Record<string, string>>;
}

/**
 * Runs a command with its parsed arguments. Resolves to the exit code. A method's type, because each command takes only calls with its
 * own options, and TypeScript compares the parameters of functions more strictly than those of methods.
 */
export type RunCommand = { run(call: Call<OptionDefinitions>): Promise<number> }['run'];

/**
 * Runs a command that hands its arguments on to a package manager. It gets them as they were given: parsed and put together
 * again, they would differ (`--package=y` and `--package y`, a repeated option, a second `--`).
 */
export type PassOn = (args: readonly string[], mainUrl: string) => Promise<number>;

/** Whether a command hands its arguments on to a package manager. */
export function isPassedOn({ group }: Described): boolean {
  return group === 'Package managers, guarded';
}

export interface ArgumentDefinition {
  /** `<file>`, `[id...]`: as commander spells required, optional and repeated ones. */
  readonly syntax: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** The kind of words that a shell completes if there are no choices. */
  readonly complete?: 'files' | 'folders' | 'rules';
}

/** Options by their long names. One that begins with `no-` switches another off. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

export interface OptionDefinition {
  readonly description: string;
  /** The name of its value. A switch has none. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** May be given several times. */
  readonly multiple?: true;
}

/** The checked arguments of a command. */
export interface Call<Options extends OptionDefinitions> {
  readonly values: Values<Options>;
  readonly operands: readonly string[];
  /** Address of the program's main file. */
  readonly mainUrl: string;
}

/** `color` is undefined if neither `--color` nor `--no-color` was given. The parser itself uses up `--json` and `--quiet`. */
export type Values<Options extends OptionDefinitions> = {
  readonly color?: boolean | undefined;
} & {
  readonly [
    Name in keyof Options as Name extends `no-${string}` | 'json' ? never : Name
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

/** A program: its commands as definitions, and the code that runs each of them. Both are loaded when they are needed. */
export interface CommandLineProgram {
  readonly name: 'tarwarden' | 'tarwarden-server';
  readonly version: string;
  /** The rest of a sentence that begins with its name. The first line of its help. */
  readonly description: string;
  readonly exitCodes: Described['exitCodes'];
  /** The part of the first screen that is not a list. */
  readonly firstScreen: {
    /** A line that says how to use it at all. */
    readonly use: string;
    /** A command as it is typed, with a comment that says what it does. */
    readonly example: string;
  };
  readonly commands: Readonly<Record<string, () => Promise<Described>>>;
  readonly runs: Readonly<Record<string, () => Promise<RunCommand>>>;
  /** The code of the commands that hand their arguments on to a package manager. */
  readonly passedOn: Readonly<Record<string, () => Promise<PassOn>>>;
  /** Refuses a run in which Node itself has obeyed a file that the arguments name. Resolves to the exit code. */
  refuseNodeFile(command: Described, args: readonly string[]): Promise<number | undefined>;
}

/** The definitions of all commands of a program, for its overview, for completion, and for the page of the command line. */
export async function allCommands({
  commands,
}: Pick<CommandLineProgram, 'commands'>): Promise<Described[]> {
  return Promise.all(Object.values(commands).map(async (load) => load()));
}

/** The form of the results that each value of `--reporter` selects. */
const REPORTERS = {
  text: 'text for people',
  json: 'one JSON document',
  ndjson: 'one JSON object on each line',
  sarif: 'a SARIF log for code scanning',
} as const;

type ReporterName = keyof typeof REPORTERS;

/**
 * The options `--reporter` and `--json` of a command that prints data. The parser replaces `--json` by `--reporter json`, so that
 * a command asks for the reporter alone.
 * @param choices `text`, which is the default, `json`, and others that the command has.
 */
export function reporterOptions<const Names extends readonly ReporterName[]>(
  ...choices: Names
): {
  readonly reporter: {
    readonly value: 'reporter';
    readonly choices: Names;
    readonly default: 'text';
    readonly description: string;
  };
  readonly json: OptionDefinition;
} {
  const forms = choices.map((name) => REPORTERS[name]);
  const last = forms.pop() ?? '';
  return {
    reporter: {
      value: 'reporter',
      choices,
      default: 'text',
      description: `print the results as ${forms.join(', ')} or ${last}`,
    },
    json: { description: 'print JSON: short for --reporter json' },
  };
}

const QUIET = {
  quiet: {
    description:
      'print only refusals, errors and data that you ask for. The exit code stays the same',
  },
} as const satisfies OptionDefinitions;

const COLOUR = {
  color: { description: 'use colour, also if the output is not a terminal' },
  'no-color': { description: 'use no colour (default: use colour on a terminal)' },
} as const satisfies OptionDefinitions;

/** Options that the commands of a program have beside their own. A package manager gets all options but ours. */
export function commonOptions(definition: Described): OptionDefinitions {
  if (isPassedOn(definition)) return {};
  return definition.program === 'tarwarden-server' ? QUIET : { ...QUIET, ...COLOUR };
}

/** All options of a command, in the order in which its help lists them. */
export function optionsOf(definition: Described): OptionDefinitions {
  return { ...definition.options, ...commonOptions(definition) };
}

/** A mistake in the command line. Ends in exit code 2 and one line, never in a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Command whose `--help` says how it is used. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
