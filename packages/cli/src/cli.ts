import manifest from '../package.json' with { type: 'json' };
import { allCommands, COMMANDS } from './command-line/commands.ts';
import { PASSED_ON, RUNS } from './commands/runs.ts';
import { guardOutput, write } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Options of Node that name a file, as all of them begin. */
const NODE_FILE = /^--(?:env-file|experimental-)/;
const VERSION_OPTIONS: readonly (string | undefined)[] = ['--version', '-v', '-V'];

/**
 * Runs the command line of `tarwarden`. Resolves to the exit code; a mistake of the user is reported in a line on standard
 * error with exit code 2. `mainUrl` is the address of the program's main file.
 */
export async function runCommand(argv: readonly string[], mainUrl: string): Promise<number> {
  guardOutput();
  try {
    return await dispatch(argv, mainUrl);
  } catch (error) {
    return await report(error);
  }
}

/** Loads only the code that the command needs. The package managers start without the parser and the layout of help. */
async function dispatch([name, ...args]: readonly string[], mainUrl: string): Promise<number> {
  if (VERSION_OPTIONS.includes(name)) return print(`${manifest.version}\n`);
  if (name === 'help') {
    const named = args.find((arg) => !arg.startsWith('-'));
    return dispatch(named === undefined ? [] : [named, '--help'], mainUrl);
  }
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    const { overview } = await import('./command-line/parse.ts');
    return print(overview(name, await allCommands(), manifest.version));
  }
  const definition = await COMMANDS[name]!();
  if (args.some((arg) => NODE_FILE.test(arg))) {
    const { refuseNodeFile } = await import('./command-line/node-file.ts');
    const refused = refuseNodeFile(definition, args);
    if (refused !== undefined) return refused;
  }
  const passOn = await PASSED_ON[name]?.();
  if (passOn !== undefined) return passOn(args, mainUrl);
  const { parse } = await import('./command-line/parse.ts');
  const parsed = parse(definition, args);
  if ('help' in parsed) return print(parsed.help);
  const call = { ...parsed, mainUrl };
  if ('run' in definition) return definition.run(call);
  const run = await RUNS[name]!();
  return run(call);
}

async function print(text: string): Promise<0> {
  await write(text);
  return 0;
}

async function report(error: unknown): Promise<2> {
  if (error instanceof UsageError) {
    const help =
      error.command === undefined ? 'tarwarden --help' : `tarwarden ${error.command} --help`;
    process.stderr.write(`tarwarden: ${error.message}\nTry: ${help}\n`);
    return 2;
  }
  // Loaded here, since the core is a third of a start-up.
  const { TarwardenError } = await import('@tarwarden/core');
  if (error instanceof TarwardenError) {
    process.stderr.write(`tarwarden: ${error.message}\n`);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `tarwarden: this is a bug of tarwarden; nothing is known of the rest\n${text}\n`,
  );
  return 2;
}
