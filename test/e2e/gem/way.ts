/** What a way is, and what several of them do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Offered } from '../../support/gem/gems.ts';
import type { GemServer, GemServerOptions } from '../../support/gem/index.ts';
import type { RubyWorld } from '../../support/gem/world.ts';

export interface Scene {
  readonly world: RubyWorld;
  /** What is looked for. */
  readonly gem: Offered;
  readonly server: (options?: Partial<GemServerOptions>) => Promise<GemServer>;
}

export interface Way {
  readonly name: string;
  /** The first RubyGems, or Bundler, that has it. */
  readonly since?: readonly [number, number];
  /** The gem is not in GEM_HOME afterwards. */
  readonly installsNothing?: true;
  /** The system's own alone: beside another RubyGems, two Bundlers get into one process, and the bare one fails. */
  readonly systemOnly?: true;
  /** The client forgives the error, and goes on without the gem. */
  readonly forgives?: true;
  /** Command and arguments. */
  readonly typed: (scene: Scene) => Promise<readonly [string, ...string[]]>;
}

export const INSTALL = ['install', '--no-document'];

/** The gem in a cache, as an earlier run without the guard left it. */
export function cached(world: RubyWorld, { fileName, bytes }: Offered): void {
  mkdirSync(join(world.gemHome, 'cache'), { recursive: true });
  writeFileSync(join(world.gemHome, 'cache', fileName), bytes);
}
