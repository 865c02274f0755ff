import { TarwardenError } from '@tarwarden/core';
import { didYouMean, quote } from '@tarwarden/core/text';
import { guardOutput } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Runs a command with the arguments after its name; resolves to the exit code. */
type Command = (args: readonly string[], mainUrl: string) => Promise<number>;

/** Commands by name, each loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  scan: async () => (await import('./commands/scan.ts')).scan,
  explain: async () => (await import('./commands/explain.ts')).explain,
  unpack: async () => (await import('./commands/unpack.ts')).unpack,
  npm: async () => (await import('./commands/npm.ts')).npm,
  npx: async () => (await import('./commands/npm.ts')).npx,
  pnpm: async () => (await import('./commands/pnpm.ts')).pnpm,
  pnpx: async () => (await import('./commands/pnpm.ts')).pnpx,
  yarn: async () => (await import('./commands/yarn.ts')).yarn,
  shims: async () => (await import('./commands/shims.ts')).shims,
  verify: async () => (await import('./commands/verify.ts')).verify,
  rules: async () => (await import('./commands/rules.ts')).listRules,
  help: async () => (await import('./commands/help.ts')).help,
};

/**
 * Runs the command line of `tarwarden`. Resolves to the exit code; what a user can mend is told in a line on standard
 * error with exit code 2. `mainUrl` is the address of the program's main file.
 */
export async function runCommand(argv: readonly string[], mainUrl: string): Promise<number> {
  guardOutput();
  try {
    const [name, ...args] = argv;
    const command = await find(name);
    return await command(name === undefined || name.startsWith('-') ? [...argv] : args, mainUrl);
  } catch (error) {
    return tell(error);
  }
}

async function find(name: string | undefined): Promise<Command> {
  if (name === undefined || name === '--help' || name === '-h') {
    return (await import('./commands/help.ts')).help;
  }
  if (name === '--version' || name === '-v' || name === '-V') {
    return (await import('./commands/help.ts')).version;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return load();
  const kind = name.startsWith('-') ? 'option' : 'command';
  const known = kind === 'option' ? ['--help', '--version'] : Object.keys(COMMANDS);
  throw new UsageError(`unknown ${kind} ${quote(name)}${didYouMean(name, known)}`);
}

function tell(error: unknown): number {
  if (error instanceof UsageError) {
    const help =
      error.command === undefined ? 'tarwarden --help' : `tarwarden ${error.command} --help`;
    process.stderr.write(`tarwarden: ${error.message}\nTry: ${help}\n`);
    return 2;
  }
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
