import { allCommands, isPassedOn, type CommandLineProgram, UsageError } from './definition.ts';
import { documentationOf, firstScreen, helpCommand } from './help.ts';
import { beQuiet, endOutput, guardOutput, write } from './output.ts';

/** The lowest Node that runs our programs: `engines` of package.json. Compared by hand: every command would wait for semver to load. */
const FLOOR = [20, 19] as const;
/** Options of Node that name a file, as all of them begin. */
const NODE_FILE = /^--(?:env-file|experimental-)/;
const HELP_WORDS: readonly string[] = ['help', '--help', '-h'];
const VERSION_OPTIONS: readonly (string | undefined)[] = ['--version', '-v', '-V'];

/** Runs a program with the arguments of this process, and sets the exit code. `mainUrl` is the address of its main file. */
export function startProgram(program: CommandLineProgram, mainUrl: string): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1])) {
    process.stderr.write(
      `tarwarden: needs Node ${FLOOR.join('.')} or newer, and this is Node ${process.versions.node}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const unfinished = (): void => {
    process.stderr.write(
      'tarwarden: this is a bug of tarwarden; it ended before it had an answer\n',
    );
    process.exitCode = 2;
  };
  // If nothing is left to wait for, Node ends with 0, whatever the command had found.
  process.once('beforeExit', unfinished);
  void runCommand(program, process.argv.slice(2), mainUrl).then((code) => {
    process.off('beforeExit', unfinished);
    process.exitCode = code;
  });
}

/** Resolves to the exit code; a mistake of the user is reported in a line on standard error with exit code 2. */
async function runCommand(
  program: CommandLineProgram,
  argv: readonly string[],
  mainUrl: string,
): Promise<number> {
  guardOutput();
  try {
    const code = await dispatch(program, argv, mainUrl);
    await endOutput(code);
    return code;
  } catch (error) {
    const code = await report(program, error);
    await endOutput(code);
    return code;
  }
}

/** Loads no more than the command needs: the parser and the layout of help are not in the start-up of the managers. */
async function dispatch(
  program: CommandLineProgram,
  [name, ...args]: readonly string[],
  mainUrl: string,
): Promise<number> {
  const { commands, version } = program;
  if (VERSION_OPTIONS.includes(name)) return print(`${version}\n`);
  if (name === undefined || HELP_WORDS.includes(name)) return help(program, args, mainUrl);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const { overview } = await import('./parse.ts');
    return print(overview(name, program, await allCommands(program)));
  }
  const command = await load();
  if (args.some((arg) => NODE_FILE.test(arg))) {
    const refusalCode = await program.refuseNodeFile(command, args);
    if (refusalCode !== undefined) return refusalCode;
  }
  if (isPassedOn(command)) {
    const passOn = await program.passedOn[command.name]!();
    return passOn(args, mainUrl);
  }
  const { parse } = await import('./parse.ts');
  const parsed = parse(command, args);
  if ('help' in parsed) return print(parsed.help);
  const { values, operands, isQuiet, isReport } = parsed;
  const run = await program.runs[command.name]!();
  if (isQuiet) beQuiet({ holdsReport: isReport });
  return run({ values, operands, mainUrl });
}

/** `help`, and the help of the program. Only the help of a command, and a mistake, load the parser. */
async function help(
  program: CommandLineProgram,
  args: readonly string[],
  mainUrl: string,
): Promise<number> {
  if (args.length > 0) {
    const { overview, parse } = await import('./parse.ts');
    const parsed = parse(helpCommand(program.name), args);
    if ('help' in parsed) return print(parsed.help);
    const [name] = parsed.operands;
    if (parsed.values.all === true && name !== undefined)
      throw new UsageError('--all lists all commands; leave out the name of one', 'help');
    if (name === 'help') return help(program, ['--help'], mainUrl);
    if (name !== undefined) return dispatch(program, [name, '--help'], mainUrl);
    if (parsed.values.all === true)
      return print(overview('--help', program, await allCommands(program)));
  }
  return print(firstScreen(program, await allCommands(program), documentationOf(mainUrl)));
}

async function print(text: string): Promise<0> {
  await write(text);
  return 0;
}

async function report({ name }: CommandLineProgram, error: unknown): Promise<2> {
  if (error instanceof UsageError) {
    const help =
      error.command === undefined ? `${name} help --all` : `${name} ${error.command} --help`;
    process.stderr.write(`tarwarden: ${error.message}\nTry: ${help}\n`);
    return 2;
  }
  // Loaded here, since the core is a third of a start-up.
  const { TarwardenError } = await import('@tarwarden/core');
  if (error instanceof TarwardenError) {
    process.stderr.write(`tarwarden: ${error.message}\n`);
    return 2;
  }
  const { systemErrorText } = await import('./system-error.ts');
  const failure = systemErrorText(error);
  if (failure !== undefined) {
    process.stderr.write(`tarwarden: ${failure}\n`);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `tarwarden: this is a bug of tarwarden; nothing is known of the rest\n${text}\n`,
  );
  return 2;
}
