import * as v from 'valibot';
import type { Limits } from '../limits.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { RuleId } from '../catalogue/index.ts';
import { rules } from '../catalogue/index.ts';
import type { AppliedPreset, Level } from '../finding/verdict.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Exception, GitDependency, HeldPreset } from './policy.ts';
import { isRaised, pinnedPreset, PRESET_NAMES } from './presets.ts';
import type { LinksPolicy } from '../rules/rule.ts';
import { ANY_IDENTITY } from './package-identity.ts';
import { closed, day, describedText, matching } from './schema-parts.ts';

/** The content of a policy file: `tarwarden.json`, the `tarwarden` field of package.json, or the user's own file. */
export interface PolicyFile {
  /** `report`: a rejected archive is reported and still installed. Only in a user's own file. */
  readonly mode?: 'refuse' | 'report';
  /** Address of the JSON schema, for editors. Not read. */
  readonly $schema?: string;
  /** The name of a set of rules that are errors, although some are warnings or notes by themselves. */
  readonly preset?: string;
  /** `default`: the rule's own levels, also where the preset of the file has others. */
  readonly levels?: Readonly<Partial<Record<RuleId, Level | 'off' | 'default'>>>;
  readonly links?: LinksPolicy;
  readonly limits?: Readonly<Partial<Limits>>;
  readonly exceptions?: readonly Exception[];
  /** Commits of git repositories that an audit accepts without an inspection. */
  readonly gitDependencies?: readonly GitDependency[];
  /** Packages whose install scripts may use the network in a confined install. Only in a user's own file. */
  readonly scriptNetwork?: readonly ScriptNetwork[];
  /** The contact for questions about a refusal: an address or a sentence. Not in a repository's file. */
  readonly contact?: string;
}

/** A package whose scripts may download something, and the last day on which they may. */
export interface ScriptNetwork {
  readonly package: string;
  readonly reason: string;
  readonly expires: string;
}

const RULE_IDS = Object.keys(rules) as RuleId[];
const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];

/** An object that gives values of one shape to some of a known set of keys. */
function partialRecord<Key extends string, Value>(
  keys: readonly Key[],
  value: v.GenericSchema<unknown, Value>,
): v.GenericSchema<unknown, Partial<Record<Key, Value>>> {
  const fields = Object.fromEntries(keys.map((key) => [key, v.exactOptional(value)]));
  return closed(fields) as v.GenericSchema<unknown, Partial<Record<Key, Value>>>;
}

const rule = v.pipe(
  v.picklist(RULE_IDS, (issue) => {
    const hint = typeof issue.input === 'string' ? didYouMean(issue.input, RULE_IDS) : '';
    return `is not the id of a rule${hint}`;
  }),
  v.description('The rule whose finding is accepted.'),
);

export const exceptionSchema: v.GenericSchema<unknown, Exception> = closed({
  package: matching(
    ANY_IDENTITY,
    'one exact version, "name@version"',
    'The package, as name@version. Compared whole.',
  ),
  rule,
  entry: v.exactOptional(
    describedText(
      'Path of the entry as the archive spells it. Left out: every finding of the rule.',
    ),
  ),
  sha512: matching(
    /^[0-9a-f]{128}$/,
    '128 lower-case hex digits',
    'SHA-512 of the archive file, lower-case hex.',
  ),
  reason: matching(/\S/, 'a reason in words', 'Why these bytes may be installed all the same.'),
  expires: day,
});

const scriptNetwork: v.GenericSchema<unknown, ScriptNetwork> = closed({
  package: matching(
    /^(?:@[\w.-]+\/)?[\w.-]+$/,
    'the name of a package, without a version',
    'The package, by name. Compared whole.',
  ),
  reason: matching(/\S/, 'a reason in words', 'What its scripts fetch, and why that is taken.'),
  expires: day,
});

export const gitDependencySchema: v.GenericSchema<unknown, GitDependency> = closed({
  package: matching(
    /^(?:(?:pypi|gem|go):)?@?[^\s/@:]+(?:\/[^\s/@:]+)*$/,
    'the name of a package, without a version',
    'The package, by name. Compared whole.',
  ),
  resolved: matching(
    /^[^\s#]+#(?:[^\s#]*[=&])?(?:[0-9a-f]{64}|[0-9a-f]{40})(?:&\S+)?$/,
    'the repository, "#", and the whole id of the commit, as `tarwarden audit` prints it',
    'The repository and the commit. Compared byte for byte.',
  ),
  reason: matching(/\S/, 'a reason in words', 'Why the audit accepts this commit.'),
  expires: day,
});

/** A field that may be absent, with its description. */
function optional<Value>(
  value: v.GenericSchema<unknown, Value>,
  description: string,
): v.ExactOptionalSchema<v.GenericSchema<unknown, Value>, undefined> {
  return v.exactOptional(v.pipe(value, v.description(description)));
}

const level = v.picklist(
  ['error', 'warning', 'note', 'off', 'default'],
  'must be "error", "warning", "note", "off" or "default"',
);
// The message is made when it is needed: Intl takes some milliseconds to load.
const preset = v.picklist(PRESET_NAMES, () => {
  const list = new Intl.ListFormat('en', { type: 'disjunction' });
  const names = list.format(PRESET_NAMES.map((name) => `"${name}"`));
  return `must be ${names}: this version of tarwarden knows no other preset`;
});
const CONTACT_CHARS_MAX = 200;
const CONTACT_FORM = `must be an address or a sentence, of at most ${CONTACT_CHARS_MAX} characters`;
const WHOLE = 'must be a whole number, 1 or more';
const limit = v.pipe(v.number(WHOLE), v.safeInteger(WHOLE), v.minValue(1, WHOLE));
const LIST = 'must be a list';

/**
 * The policy file. Every object is closed: an unknown key is an error. Each message continues a sentence that begins with the path
 * of the value.
 */
export const policyFileSchema: v.GenericSchema<unknown, PolicyFile> = closed({
  $schema: v.exactOptional(describedText('Address of the JSON schema, for editors.')),
  mode: optional(
    v.picklist(['refuse', 'report'], 'must be "refuse" or "report"'),
    'refuse: what is rejected is not installed. report, in your own policy file only: it is installed, and reported.',
  ),
  preset: optional(
    preset,
    'The name of a set of rules that are errors. With a number, the set stays the same when tarwarden is updated.',
  ),
  levels: optional(partialRecord(RULE_IDS, level), 'Levels of rules, by rule id.'),
  links: optional(
    v.picklist(['reject', 'contained'], 'must be "reject" or "contained"'),
    'reject: no link. contained: links that stay in the package.',
  ),
  limits: optional(partialRecord(LIMIT_NAMES, limit), 'Caps on what an archive may hold.'),
  exceptions: optional(
    v.array(exceptionSchema, LIST),
    'Findings that are accepted, each for one archive. In a file of a repository, each counts once the user has approved it.',
  ),
  gitDependencies: optional(
    v.array(gitDependencySchema, LIST),
    'Commits of git repositories that `tarwarden audit` accepts although it cannot inspect them. In a file of a repository, each counts once the user has approved it.',
  ),
  scriptNetwork: optional(
    v.array(scriptNetwork, LIST),
    'In your own policy file only: packages whose install scripts may reach the network where an install is confined.',
  ),
  contact: optional(
    v.pipe(
      v.string(CONTACT_FORM),
      v.check((text) => /\S/.test(text) && text.length <= CONTACT_CHARS_MAX, CONTACT_FORM),
    ),
    'The last line of every refusal: an address or a sentence that says whom to ask. Not in a file of a repository.',
  ),
});

/** The preset that a policy file sets. The levels of the same file count in its place. */
export function heldPreset(
  { preset, levels = {} }: PolicyFile,
  { setBy, file }: Pick<AppliedPreset, 'setBy' | 'file'>,
): HeldPreset | undefined {
  if (preset === undefined) return undefined;
  const name = pinnedPreset(preset);
  const ownLevels = Object.keys(levels) as RuleId[];
  const except = ownLevels.filter((rule) => isRaised(name, rule)).toSorted();
  return { name, setBy, file, ...(except.length > 0 && { except }) };
}
