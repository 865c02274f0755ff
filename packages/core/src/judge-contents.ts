import type { Entry } from './archive/entry.ts';
import { Trait } from './archive/entry.ts';
import { MAX_FOUND_PER_RULE, MAX_PATH_TEXT, MAX_PLACES } from './limits.ts';
import type { Contents } from './package/contents.ts';
import { isCaseOnly, type Clash } from './package/file-set.ts';
import { quote } from './printable.ts';
import type { RuleContext } from './rules/define-rule.ts';
import type { RuleId } from './rules/index.ts';
import { entryRules, packageRules } from './rules/index.ts';
import type { Observation } from './verdict/finding-log.ts';

/** Takes what a rule objects to. */
export type Add = (observation: Observation) => void;

/** Traits that no entry rule asks for: they only steer how paths are compared. */
const SILENT = Trait.UpperCase;
/** Not asked of a path that was cut: it is rejected for its length, and what would it be compared by? */
const OF_NAMES = Trait.NonAscii | Trait.TrustedName;

/** Tries the rules that look at single entries of one archive, whatever archive that is. */
export class EntryJudge {
  readonly #add: Add;
  readonly #context: RuleContext;
  /** Entries in which each rule found something. */
  readonly #found = new Map<RuleId, number>();

  constructor(add: Add, context: RuleContext) {
    this.#add = add;
    this.#context = context;
  }

  judge(entry: Entry): void {
    const unasked = (entry.traits & Trait.LongPath) === 0 ? SILENT : SILENT | OF_NAMES;
    const traits = entry.traits & ~unasked;
    if (traits === 0) return;
    for (const rule of entryRules) {
      if ((rule.entry!.traits & traits) === 0) continue;
      const found = this.#found.get(rule.id) ?? 0;
      if (found >= MAX_FOUND_PER_RULE) continue;
      const detail = rule.entry!.check(entry, this.#context);
      if (detail === undefined) continue;
      this.#found.set(rule.id, found + 1);
      this.#add({ rule: rule.id, detail, ...placeOf(entry) });
    }
  }
}

/**
 * Tells how entries are in each other's way, then tries the rules that look at the whole package.
 *
 * @param samePath What two entries at one path are: it takes their content to say whether they are alike.
 */
export function judgeContents(
  contents: Contents,
  job: { add: Add; context: RuleContext; samePath: (clash: Clash) => RuleId },
): void {
  const { add, context, samePath } = job;
  if (contents.files.overflowed) {
    add({
      rule: 'entry-count-limit',
      detail: `the paths name more than ${MAX_PLACES} files and folders, or are longer than ${MAX_PATH_TEXT} characters in all`,
    });
  }
  for (const clash of contents.files.clashes) {
    const rule = clash.kind === 'same-path' ? samePath(clash) : ruleOf(clash);
    if (rule === 'duplicate-path' && clash.key === 'package.json') contents.manifestConflict = true;
    add({
      rule,
      detail: `${quote(clash.entry.path)} after ${quote(clash.other.entry.path)} (entry number ${clash.other.entry.index + 1})`,
      ...placeOf(clash.entry),
    });
  }
  for (const rule of packageRules) {
    rule.package?.(
      contents,
      (detail, entry) => add({ rule: rule.id, detail, ...(entry && placeOf(entry)) }),
      context,
    );
  }
}

function placeOf(entry: Entry): { offset: number; entry: string; entryIndex: number } {
  return { offset: entry.offset, entry: entry.path, entryIndex: entry.index };
}

function ruleOf(clash: Clash): RuleId {
  if (clash.kind === 'through-link') return 'write-through-link';
  if (clash.kind === 'file-directory') return 'file-directory-conflict';
  if (clash.kind === 'same-directory') return 'repeated-directory';
  return isCaseOnly(clash) ? 'case-collision' : 'unicode-collision';
}
