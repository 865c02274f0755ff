import { runRuby, type RubyTool } from '@tarwarden/gem-hook';
import { bundle } from '../commands/bundle.ts';
import { gem } from '../commands/gem.ts';
import { findGuard } from '../pass-through/guard-files.ts';
import { showHelp } from '../pass-through/leading-options.ts';

const COMMANDS = { gem, bundle } as const;

/** `tarwarden gem …`, `tarwarden bundle …`: all of it goes to the client, which refuses an option that it does not know. */
export async function ruby(
  tool: RubyTool,
  given: readonly string[],
  mainUrl: string,
): Promise<number> {
  const [first] = given;
  if (first === '--help' || first === '-h') return showHelp({ command: COMMANDS[tool] });
  const args = first === '--' ? given.slice(1) : given;
  const guardPath = await findGuard('ruby', mainUrl);
  return runRuby(tool, args, { env: process.env, cwd: process.cwd(), guardPath });
}
