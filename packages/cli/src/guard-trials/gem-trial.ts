/* The trials of gem and Bundler. They install gems from files, so that no server is needed. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveTrial } from './archive-trial.ts';
import { canaryGem, cleanGem, gemFileName } from '@tarwarden/guarded-run/trial-archives';

const TARGET = 'site';

const GEM = { format: 'gem', canary: canaryGem, clean: cleanGem } as const;

/** If Bundler has resolved the gem by its name, the guard names it in the other form. */
function isRefusal(output: string, name: string): boolean {
  return [gemFileName(name), `${name}@1.0.0`].some((spelling) =>
    output.includes(`tarwarden: refused ${spelling}:`),
  );
}

/** The environment without settings that lead elsewhere on disk. RUBYOPT stays, because it may hold the guard. */
function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(?:BUNDLE|GEMRC|TARWARDEN_INSPECTOR)/.test(name),
  );
  return Object.fromEntries(kept);
}

export const gemTrial: ArchiveTrial = {
  ...GEM,
  write({ project, archive: { fileName, bytes } }) {
    writeFileSync(join(project, fileName), bytes);
  },
  arguments: (_, name) => [
    'install',
    '--norc',
    '--local',
    '--no-document',
    '--install-dir',
    TARGET,
    `./${gemFileName(name)}`,
  ],
  environment,
  installed: (project, name) => existsSync(join(project, TARGET, 'gems', `${name}-1.0.0`)),
  isRefusal,
};

export const bundleTrial: ArchiveTrial = {
  ...GEM,
  write({ project, name, archive: { fileName, bytes } }) {
    const cache = join(project, 'vendor/cache');
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, fileName), bytes);
    // With --local, Bundler does not ask the source.
    const lines = [`source 'https://rubygems.org'`, `gem '${name}'`];
    writeFileSync(join(project, 'Gemfile'), `${lines.join('\n')}\n`);
  },
  arguments: () => ['install', '--local'],
  environment: (env, project) => ({
    ...environment(env),
    BUNDLE_APP_CONFIG: join(project, '.bundle'),
    BUNDLE_GEMFILE: join(project, 'Gemfile'),
    BUNDLE_PATH: TARGET,
    BUNDLE_USER_HOME: join(project, 'home'),
    BUNDLE_SILENCE_ROOT_WARNING: '1',
  }),
  // The gems are in a folder that is named after the version of Ruby.
  installed(project, name) {
    const site = join(project, TARGET, 'ruby');
    return (
      existsSync(site) &&
      readdirSync(site).some((abi) => existsSync(join(site, abi, 'gems', `${name}-1.0.0`)))
    );
  },
  isRefusal,
};
