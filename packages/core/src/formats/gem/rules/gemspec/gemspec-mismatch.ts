import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

const mismatch = withCodes({
  id: 'gemspec-mismatch',
  level: 'error',
  summary: 'The gemspec has another name or version than the request or the file name',
  advice: {
    forUsers:
      'Do not install it: you get another gem than the one that you asked for, or another version, perhaps an old one with a known vulnerability. Compare the checksum with the one of rubygems.org, and look at your mirror and cache.',
    forPublishers:
      'Publish under the name and version in the gemspec, and leave the file the name that `gem build` gives it.',
  },
});

export const gemspecFileNameMismatch: GemspecRule = {
  ...mismatch('gemspec-file-name-mismatch', 'The file has another name than the gemspec says'),
  kind: 'metadata',
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

export const gemspecNameMismatch: GemspecRule = {
  ...mismatch(
    'gemspec-name-mismatch',
    'The gemspec has another name than the gem that was asked for',
  ),
  kind: 'metadata',
  check: ({ gemspec }, report, { expected: { name } }) => {
    if (gemspec?.ok && name !== undefined && gemspec.name !== name)
      report(`${quote(gemspec.name)} instead of ${quote(name)}`);
  },
};

export const gemspecVersionMismatch: GemspecRule = {
  ...mismatch(
    'gemspec-version-mismatch',
    'The gemspec has another version than the gem that was asked for',
  ),
  kind: 'metadata',
  check: ({ gemspec }, report, { expected: { version } }) => {
    if (gemspec?.ok && version !== undefined && gemspec.version !== version)
      report(`${quote(gemspec.version)} instead of ${quote(version)}`);
  },
};
