/** Gems that a test offers: one in order, and its hostile twin, which a bare client installs. */
import { gemOf } from '../gem.ts';
import { entry } from '../tar.ts';

/** A gem, and what an index says of it. */
export interface Offered {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Requirements by name: `~> 1.0`. */
  readonly dependencies: Readonly<Record<string, string>>;
}

export interface Made {
  readonly name: string;
  readonly version?: string;
  readonly platform?: string;
  readonly hostile?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** The rule that the hostile twin breaks: a hard link, which RubyGems leaves out without a word. */
export const RULE = 'hardlink';

/** Name of the variable with the file that code of a gem leaves its mark in. */
export const TRACE = 'TARWARDEN_TEST_TRACE';

function dependency(name: string, requirement: string): string {
  const [operator = '', version = ''] = requirement.split(' ');
  const anchor = name.replaceAll(/\W/g, '_');
  const lines = [
    `- !ruby/object:Gem::Dependency`,
    `  name: ${name}`,
    `  requirement: &${anchor} !ruby/object:Gem::Requirement`,
    `    requirements:`,
    `    - - "${operator}"`,
    `      - !ruby/object:Gem::Version`,
    `        version: '${version}'`,
    `  type: :runtime`,
    `  prerelease: false`,
    `  version_requirements: *${anchor}`,
  ];
  return `\n${lines.join('\n')}`;
}

/** A gem with a command, which is a plugin of Bundler as well. Its code leaves its name behind. */
export function makeGem(made: Made): Offered {
  const { name, version = '1.0.0', platform = 'ruby', hostile = false, dependencies = {} } = made;
  const mark = `File.write(ENV['${TRACE}'], "${name}\\n", mode: 'a') if ENV['${TRACE}']\n`;
  const needed = Object.entries(dependencies).map(([other, wanted]) => dependency(other, wanted));
  const bytes = gemOf({
    name,
    version,
    platform,
    files: {
      'lib/fixture.rb': '',
      [`lib/${name}.rb`]: mark,
      [`bin/${name}`]: `#!/usr/bin/env ruby\n${mark}`,
      'plugins.rb': mark,
      ...made.files,
    },
    gemspec: {
      dependencies: needed.length === 0 ? '[]' : needed.join(''),
      executables: `\n- ${name}`,
    },
    entries: hostile
      ? [entry({ name: 'lib/copy.rb', typeflag: '1', linkname: `lib/${name}.rb` })]
      : [],
  });
  const full = platform === 'ruby' ? `${name}-${version}` : `${name}-${version}-${platform}`;
  return { name, version, platform, fileName: `${full}.gem`, bytes, dependencies };
}
