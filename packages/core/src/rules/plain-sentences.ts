import type { RuleId } from '../finding/rule-id.ts';

/**
 * Sentences for people who have never seen the inside of an archive, with the rules that they explain. Each rule is in one list. The
 * order is that of a message: if several sentences apply, the first one is shown.
 */
export const plainSentences: readonly (readonly [sentence: string, rules: readonly RuleId[]])[] = [
  [
    'A link in this package points to a file outside of it, so unpacking the package could overwrite or expose your files.',
    ['write-through-link', 'escaping-link', 'gem-link-escapes'],
  ],
  [
    'A file in this package has a path that leads outside of the package, so unpacking it could overwrite your files.',
    ['escaping-path', 'gem-home-path'],
  ],
  [
    'A file in this package has a path that leads outside of the package on Windows, where it could overwrite your files.',
    ['windows-path'],
  ],
  [
    'This package contains a file that another program trusts or runs, for example git or a package manager.',
    [
      'planted-git',
      'planted-node-modules-bin',
      'planted-manager-state',
      'wheel-planted',
      'wheel-path-file',
      'gem-plugin',
    ],
  ],
  [
    'This package runs code of its own while it is being installed.',
    ['install-script', 'gem-extension'],
  ],
  [
    'This package depends on code that no registry keeps: it comes from git, from an address or from a folder, and can change there.',
    ['dependency-outside-registry'],
  ],
  [
    'This package tells the installer to run, to replace or to delete a file that does not belong to it.',
    [
      'manifest-escapes',
      'wheel-data-scheme',
      'wheel-entry-point',
      'wheel-record-outside',
      'gemspec-unsafe',
    ],
  ],
  [
    'This archive contains another package or another version than the one that was asked for.',
    [
      'manifest-mismatch',
      'wheel-identity',
      'wheel-tag-mismatch',
      'pkg-info-mismatch',
      'sdist-folder-name',
      'gemspec-mismatch',
      'module-name-mismatch',
      'go-mod-other-path',
    ],
  ],
  [
    'The index and the archive describe this package differently, so you get another package than the index shows to you and to reviewers.',
    [
      'index-other-dependencies',
      'index-other-dependency',
      'index-other-metadata',
      'index-other-text',
      'index-other-language',
      'index-other-checksum',
    ],
  ],
  [
    'The registry or the lockfile describes this package differently from its archive, so reviewers and audit tools see another package than you install.',
    [
      'registry-hides',
      'registry-omits-script',
      'registry-other-script',
      'registry-other-dependencies',
      'registry-other-field',
      'registry-other-engines',
      'registry-other-identity',
    ],
  ],
  [
    'This package contains a link. A link can point to any file on your disk, and unpacking the package could then overwrite or expose that file.',
    [
      'symlink',
      'hardlink',
      'bundled-link',
      'manifest-link',
      'link-in-zip',
      'hardlink-target',
      'pkg-info-irregular',
    ],
  ],
  [
    'This package contains a device, a pipe or another special file, which no package needs.',
    ['special-file', 'sparse-entry'],
  ],
  [
    'Two files in this package end up at the same path, so your package manager can install another file than the one that a reviewer sees.',
    [
      'duplicate-path',
      'duplicate-path-identical',
      'repeated-directory',
      'name-collision',
      'file-directory-conflict',
      'manifest-duplicate',
      'wheel-data-clash',
      'gem-folder-deleted',
    ],
  ],
  [
    'Programs unpack different files from this archive, so your package manager can install something else than a reviewer or a scanner sees.',
    [
      'uncompressed-archive',
      'gzip-header',
      'gzip-optional-header',
      'gzip-trailing',
      'tar-header-ambiguous',
      'other-format',
      'old-tar-header',
      'ambiguous-size',
      'tar-trailing',
      'long-zero-tail',
      'extended-header-malformed',
      'gnu-long-name',
      'pax-ambiguous',
      'pax-path-mismatch',
      'pax-linkpath-mismatch',
      'zip-stray-bytes',
      'zip-ambiguous-entry',
      'zip-unusual-field',
      'zip-old-form',
      'stray-zip-end-record',
      'gem-header-ambiguous',
      'gem-member',
    ],
  ],
  [
    'The files of this archive are not in the one folder that a package has, so package managers install different files from it.',
    ['outside-package-folder', 'zip-outside-package', 'module-outside-folder'],
  ],
  [
    'The files in this package differ from the list of files and checksums that the package itself contains.',
    [
      'wheel-record-wrong',
      'wheel-record-incomplete',
      'gem-checksum-mismatch',
      'gem-checksum-missing',
    ],
  ],
  [
    'The description of this package is missing or can be read in two ways, so it is not certain what would be installed.',
    [
      'manifest-unreadable',
      'manifest-ambiguous',
      'bin-target-missing',
      'wheel-description',
      'pkg-info-unusable',
      'gemspec-unreadable',
      'gemspec-target-missing',
      'go-mod-misplaced',
    ],
  ],
  [
    'The name of a file in this package is not what it looks like, or is a different one on another system.',
    [
      'unsafe-character',
      'windows-name',
      'windows-character',
      'empty-name',
      'leading-dot-folder',
      'module-file-name',
      'module-name-invalid',
    ],
  ],
  [
    'A file in this package asks for permissions that no package needs, or that installers set differently.',
    [
      'special-mode-bits',
      'type-bits-in-mode',
      'execute-without-owner',
      'executable-for-others',
      'executable-without-owner',
      'gem-folder-writable',
    ],
  ],
  [
    'This archive is larger, or has more files or longer paths, than the limits allow, so unpacking it could fill your disk or memory.',
    [
      'archive-limit',
      'path-limit',
      'manifest-oversized',
      'pkg-info-oversized',
      'module-size-limit',
    ],
  ],
  [
    'This file is damaged or incomplete, so nobody can say what is in it.',
    ['gzip-damaged', 'tar-damaged', 'zip-damaged'],
  ],
  [
    'This file is not an archive of a kind that can be inspected.',
    ['unreadable-format', 'zip-unsupported'],
  ],
];

/** The rules of a verdict, worst first: in the order of {@link plainSentences}. Each rule is listed once. */
export function worstRulesFirst(ruleIds: readonly RuleId[]): readonly RuleId[] {
  const idSet = new Set(ruleIds);
  return plainSentences.flatMap(([, rules]) => rules.filter((rule) => idSet.has(rule)));
}

/** The sentence for the worst of these rules. Undefined if there is no rule. */
export function plainSentence(ruleIds: readonly RuleId[]): string | undefined {
  return plainSentences.find(([, rules]) => rules.some((rule) => ruleIds.includes(rule)))?.[0];
}
