/** Gemspecs that say what they may not, or that readers of YAML read in more ways than one. */
import { gemspecOf } from '../gem.ts';
import { attack, field, type GemAttack } from './gem-attack.ts';

export const gemspecAttacks: readonly GemAttack[] = [
  // full_name after platform: where RubyGems deletes and installs
  field(
    'gemspec-full-name: a field that sets the folder that RubyGems deletes and installs into',
    'gemspec-unknown-field',
    { full_name: '../../planted' },
  ),
  field('gemspec-other-name: another name than its file has', 'gemspec-file-name-mismatch', {
    name: 'evil',
  }),
  field('gemspec-name-path: a name that is a path', 'gemspec-unsafe-name', {
    name: "'../../planted'",
  }),
  field('gemspec-version-path: a version that is a path', 'gemspec-unsafe-name', {
    version: "!ruby/object:Gem::Version\n  version: '1/../../planted'",
  }),
  field('gemspec-platform-code: a platform with a line break', 'gemspec-unsafe-name', {
    platform: String.raw`"x86-mswin32\n system('id')#"`,
  }),
  field('gemspec-bindir: a folder of commands outside', 'gemspec-path-escapes', {
    bindir: '../../x',
    executables: '\n- run',
  }),
  field('gemspec-executable: a command that is a path outside', 'gemspec-path-escapes', {
    executables: '\n- "../run"',
  }),
  field('gemspec-require-paths: an absolute path to load from', 'gemspec-path-escapes', {
    require_paths: '\n- "/etc"',
  }),
  field('gemspec-extension: an extension outside', 'gemspec-path-escapes', {
    extensions: '\n- ext/../../extconf.rb',
  }),
  field('gemspec-class: an object of a class that RubyGems does not make', 'gemspec-unsafe-class', {
    metadata: '!ruby/object:Gem::Installer\n  x: y',
  }),
  field('gemspec-symbol: a symbol that RubyGems does not make', 'gemspec-unsafe-class', {
    summary: ':evil',
  }),
  attack('gemspec-duplicate: a name twice, of which the last counts', 'gemspec-duplicate-key', {
    metadata: gemspecOf().replace('platform:', 'name: fixture\nplatform:'),
  }),
  field('gemspec-merge: a map that is merged into the gemspec', 'gemspec-invalid', {
    '<<': '\n  name: evil',
  }),
  attack('gemspec-bomb: aliases of lists of aliases', 'gemspec-invalid', {
    gemspec: { require_paths: bomb() },
  }),
  attack('gemspec-flow: a flow list, which RubyGems does not write', 'gemspec-invalid', {
    gemspec: { require_paths: '[lib, /etc]' },
  }),
  attack('gemspec-comment: a comment', 'gemspec-invalid', {
    gemspec: { require_paths: '# none\n- lib' },
  }),
  attack('gemspec-number: a name that is a number', 'gemspec-invalid', { name: '0x10' }),
  attack('gemspec-deep: lists in lists, a thousand deep', 'gemspec-invalid', {
    gemspec: { require_paths: `\n${'- '.repeat(1000)}lib` },
  }),
];

/** Nine levels, each of nine aliases: 9^9 texts for whoever expands them. */
function bomb(): string {
  const levels = ['\n- &a0\n  - lib'];
  for (let level = 1; level < 9; level++)
    levels.push(`\n- &a${level}${`\n  - *a${level - 1}`.repeat(9)}`);
  return levels.join('');
}
