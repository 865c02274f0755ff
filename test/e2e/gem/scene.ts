/** Runs one way of a gem into its client, guarded. */
import { onTestFinished } from 'vitest';
import type { Result } from '../../support/execute.ts';
import type { Offered } from '../../support/gem/gems.ts';
import { startGemServer, type GemServer, type GemServerOptions } from '../../support/gem/index.ts';
import type { RubyGems } from '../../support/gem/rubies.ts';
import { rubyWorld, type RubyWorld } from '../../support/gem/world.ts';
import type { Way } from './way.ts';

export function world(rubygems: RubyGems): RubyWorld {
  const made = rubyWorld(rubygems);
  onTestFinished(() => made.dispose());
  return made;
}

export async function serve(options: GemServerOptions): Promise<GemServer> {
  const made = await startGemServer(options);
  onTestFinished(() => made.close());
  return made;
}

export interface Gone {
  readonly world: RubyWorld;
  readonly result: Result;
  /** What was there of the gem before. */
  readonly before: readonly string[];
}

/** Has a gem come in. */
export async function go(rubygems: RubyGems, way: Way, gem: Offered): Promise<Gone> {
  const own = world(rubygems);
  const server = async (options: Partial<GemServerOptions> = {}): Promise<GemServer> =>
    serve({ gems: [gem], ...options });
  const [command, ...args] = await way.typed({ world: own, gem, server });
  const before = own.traces(gem);
  return { world: own, before, result: await own.guarded(command, ...args) };
}
