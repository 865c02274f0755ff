import { runRuby, type RubyTool } from '@tarwarden/pip-gem-hooks/ruby';
import { bundle } from '../commands/bundle.ts';
import { gem } from '../commands/gem.ts';
import { readConfine, runConfinable } from '../pass-through/confined.ts';
import { findGuard } from '../pass-through/guard-files.ts';
import { showHelp } from '../pass-through/leading-options.ts';

const COMMANDS = { gem, bundle } as const;

/** `tarwarden gem …`, `tarwarden bundle …`: all of it goes to the client, which refuses an option that it does not know. */
export async function ruby(
  tool: RubyTool,
  given: readonly string[],
  mainUrl: string,
): Promise<number> {
  const { options, rest } = readConfine(tool, given);
  const [first] = rest;
  if (first === '--help' || first === '-h') return showHelp({ command: COMMANDS[tool] });
  const args = first === '--' ? rest.slice(1) : rest;
  const guardPath = await findGuard('ruby', mainUrl);
  return runConfinable({
    client: tool,
    options,
    args,
    mainUrl,
    run: async ({ args: all, ...how }) =>
      runRuby(tool, all, { ...how, cwd: process.cwd(), guardPath }),
  });
}
