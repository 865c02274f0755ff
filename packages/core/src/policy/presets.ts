import type { RuleId } from '../catalogue/index.ts';
import { ecosystemOf, type Ecosystem, type Format } from '../finding/format.ts';
import type { AppliedPreset } from '../finding/verdict.ts';
import type { HeldPreset } from './policy.ts';

/** A rule that is an error under a preset. */
interface PresetRule {
  readonly rule: RuleId;
  /** The first version of the preset that has it. A version that was released never changes. */
  readonly since: number;
  /** The ecosystems and formats for which the rule is an error. Absent: all archives. */
  readonly in?: readonly (Ecosystem | Format)[];
}

/** The version that `"strict"` means in this release. */
const STRICT_VERSION = 1;

/**
 * The rules that are errors under the preset `strict`, although they are a warning or a note by themselves. A new rule is a line here, and
 * one in `apart` of test/support/preset-counts.ts for each survey that did not count it.
 */
const STRICT: readonly PresetRule[] = [
  // Code that runs without being imported
  { rule: 'install-script', since: 1 },
  { rule: 'gem-extension', since: 1 },
  { rule: 'gem-plugin', since: 1 },
  { rule: 'wheel-path-file', since: 1 },
  // Code that no registry keeps
  { rule: 'dependency-outside-registry', since: 1 },
  // A registry or lockfile that describes another package
  { rule: 'registry-other-field', since: 1 },
  // Links, also inside the package
  { rule: 'symlink', since: 1 },
  { rule: 'hardlink', since: 1 },
  // Modes
  { rule: 'executable-for-others', since: 1 },
  { rule: 'executable-without-owner', since: 1 },
  { rule: 'special-mode-bits', since: 1 },
  { rule: 'type-bits-in-mode', since: 1, in: ['npm', 'go', 'wheel'] },
  // Files that differ from the package's own lists and names
  { rule: 'wheel-record-incomplete', since: 1 },
  { rule: 'bin-target-missing', since: 1 },
  { rule: 'gemspec-target-missing', since: 1 },
  { rule: 'sdist-folder-name', since: 1 },
  { rule: 'go-mod-other-path', since: 1 },
  // Files in each other's way
  { rule: 'duplicate-path-identical', since: 1 },
  { rule: 'repeated-directory', since: 1, in: ['npm', 'rubygems', 'go'] },
  { rule: 'windows-character', since: 1 },
  // Forms that no current writer of the format uses
  { rule: 'gzip-optional-header', since: 1, in: ['npm', 'rubygems'] },
  { rule: 'old-tar-header', since: 1 },
  { rule: 'long-zero-tail', since: 1 },
  { rule: 'zip-unusual-field', since: 1, in: ['pypi', 'go'] },
  { rule: 'zip-old-form', since: 1, in: ['pypi', 'go'] },
  { rule: 'stray-zip-end-record', since: 1 },
];

/** Every name that a policy file may give: without a number, it means the newest version. */
export const PRESET_NAMES: readonly string[] = [
  'strict',
  ...Array.from({ length: STRICT_VERSION }, (_, index) => `strict@${index + 1}`),
];

/** The name with its version. */
export function pinnedPreset(name: string): string {
  return name === 'strict' ? `strict@${STRICT_VERSION}` : name;
}

/** The rules of a preset, by its pinned name. */
export function presetRules(pinned: string): readonly PresetRule[] {
  const version = Number(pinned.slice('strict@'.length));
  return version === STRICT_VERSION ? STRICT : STRICT.filter(({ since }) => since <= version);
}

/** Whether a preset makes an error of a rule. Without a format: for some archives. */
export function isRaised(pinned: string, rule: RuleId, format?: Format): boolean {
  const presetRule = presetRules(pinned).find((row) => row.rule === rule);
  if (presetRule === undefined || presetRule.in === undefined || format === undefined)
    return presetRule !== undefined;
  return presetRule.in.includes(format) || presetRule.in.includes(ecosystemOf[format]);
}

/** The first preset that makes an error of a rule for archives of a format. */
export function raisingPreset(
  presets: readonly HeldPreset[],
  rule: RuleId,
  format: Format | undefined,
): AppliedPreset | undefined {
  const preset = presets.find(
    ({ name, except = [] }) => !except.includes(rule) && isRaised(name, rule, format),
  );
  return preset && { name: preset.name, setBy: preset.setBy, file: preset.file };
}
