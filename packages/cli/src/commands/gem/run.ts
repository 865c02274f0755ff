import { runRuby, type RubyTool } from '@tarwarden/pip-gem-hooks/ruby';
import type { PassOn } from '@tarwarden/host/command-line';
import { readConfine, runConfinable } from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { showHelp } from '../../pass-through/leading-options.ts';
import * as definitions from './definition.ts';

const DEFINITIONS = { gem: definitions.gem, bundle: definitions.bundle } as const;

/** `tarwarden gem …`: gem gets all arguments, and refuses an option that it does not know. */
export const gem: PassOn = async (given, mainUrl) => ruby('gem', given, mainUrl);

/** `tarwarden bundle …`: the same for Bundler. */
export const bundle: PassOn = async (given, mainUrl) => ruby('bundle', given, mainUrl);

async function ruby(tool: RubyTool, given: readonly string[], mainUrl: string): Promise<number> {
  const { options, rest } = readConfine(tool, given);
  const [first] = rest;
  if (first === '--help' || first === '-h') return showHelp({ command: DEFINITIONS[tool] });
  const args = first === '--' ? rest.slice(1) : rest;
  const guardPath = await findGuard('ruby', mainUrl);
  return runConfinable({
    client: tool,
    options,
    args,
    mainUrl,
    run: async ({ args: all, ...start }) =>
      runRuby(tool, all, { ...start, cwd: process.cwd(), guardPath }),
  });
}
