import { runRuby, type RubyTool } from '@tarwarden/pip-gem-hooks/ruby';
import type { PassOn } from '@tarwarden/host/command-line';
import { findGuard } from '../../pass-through/guard-files.ts';
import { runUnread } from '../../pass-through/leading-options.ts';
import * as definitions from './definition.ts';

const DEFINITIONS = { gem: definitions.gem, bundle: definitions.bundle } as const;

/** `tarwarden gem …`: gem gets all arguments, and refuses an option that it does not know. */
export const gem: PassOn = async (given, mainUrl) => ruby('gem', given, mainUrl);

/** `tarwarden bundle …`: the same for Bundler. */
export const bundle: PassOn = async (given, mainUrl) => ruby('bundle', given, mainUrl);

async function ruby(tool: RubyTool, given: readonly string[], mainUrl: string): Promise<number> {
  return runUnread(DEFINITIONS[tool], given, mainUrl, async () => {
    const guardPath = await findGuard('ruby', mainUrl);
    return {
      client: tool,
      run: async ({ args, ...start }) =>
        runRuby(tool, args, { ...start, cwd: process.cwd(), guardPath }),
    };
  });
}
