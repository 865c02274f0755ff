/** Bare RubyGems and Bundler, offline. */
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gemOf } from '../../../support/gem.ts';
import { World, type ClientSample, type ClientSeen } from './world.ts';

/** The folder of the gem that all samples are, unless its gemspec says otherwise. */
const FOLDER = 'fixture-1.0.0';

function folderIn(gems: string): string {
  const names = (existsSync(gems) ? readdirSync(gems) : []).filter((name) => name !== 'rack-3.0.0');
  return join(gems, names.includes(FOLDER) ? FOLDER : (names[0] ?? FOLDER));
}

export async function gemInstall(
  ruby: readonly string[],
  sample: ClientSample,
): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    const home = world.folder('gems');
    const flags = ['--local', '--no-document', '--ignore-dependencies', '--install-dir', home];
    const command = [...ruby, '-S', 'gem', 'install', ...flags, '--bindir', world.folder('bin')];
    const result = await world.run([...command, world.file], { GEM_HOME: home, GEM_PATH: home });
    return {
      outcome: result.code === 0 ? 'installs' : 'error',
      files: world.seen(folderIn(join(home, 'gems'))),
      output: `${result.stdout}\n${result.stderr}`,
    };
  } finally {
    world.dispose();
  }
}

/** What the fixture depends on. */
const rack = gemOf({ name: 'rack', version: '3.0.0', gemspec: { dependencies: '[]' } });

/** From the project's own vendor/cache, so that no index is asked. */
export async function bundleInstall(bundle: string, sample: ClientSample): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    world.write('project/Gemfile', 'source "http://127.0.0.1:9"\ngem "fixture", "1.0.0"\n');
    copyFileSync(world.file, join(world.folder('project/vendor/cache'), sample.fileName));
    world.write('project/vendor/cache/rack-3.0.0.gem', rack);
    const project = join(world.root, 'project');
    const path = world.folder('bundle');
    const env = { BUNDLE_PATH: path, BUNDLE_RETRY: '0', BUNDLE_SILENCE_ROOT_WARNING: '1' };
    const result = await world.run([bundle, 'install', '--local'], env, project);
    const ruby = join(path, 'ruby');
    const [version = ''] = readdirSync(path).includes('ruby') ? readdirSync(ruby) : [];
    return {
      outcome: result.code === 0 ? 'installs' : 'error',
      files: world.seen(folderIn(join(ruby, version, 'gems'))),
      output: `${result.stdout}\n${result.stderr}`,
    };
  } finally {
    world.dispose();
  }
}
