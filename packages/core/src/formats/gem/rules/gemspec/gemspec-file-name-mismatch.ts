import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecFileNameMismatch: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-file-name-mismatch',
  level: 'error',
  summary: 'The file has another name than the gemspec says',
  advice: {
    forUsers:
      'Do not install it before you know why the name differs: RubyGems installs the gem that the gemspec names. If you renamed the file, give it its old name.',
    forPublishers: 'Leave the file the name that `gem build` gives it.',
  },
  check: ({ gemspec }, report, { expected: { fileName } }) => {
    if (!gemspec?.ok || fileName === undefined) return;
    const { name, version, platforms } = gemspec;
    const plain = `${name}-${version}`;
    const others = platforms.filter((platform) => platform !== 'ruby' && platform !== '');
    const wanted = others.length === 0 ? [plain] : others.map((platform) => `${plain}-${platform}`);
    if (!wanted.some((stem) => fileName === `${stem}.gem`))
      report(`${quote(fileName)} instead of ${quote(`${wanted[0]}.gem`)}`);
  },
};
