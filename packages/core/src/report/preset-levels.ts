import { rules } from '../catalogue/index.ts';
import { formats } from '../formats/index.ts';
import type { Format } from '../finding/format.ts';
import type { RuleId } from '../finding/rule-id.ts';
import type { Level } from '../finding/verdict.ts';
import { isRaised, presetRules } from '../policy/presets.ts';
import { levelIn } from '../rules/levels.ts';

/** An error under a preset that is a warning or a note without it, for the archives of one format. */
export interface RaisedLevel {
  readonly format: Format;
  readonly default: Exclude<Level, 'error'>;
}

/**
 * The rules of a preset in its order, each with the formats in which it has another level without the preset. Zips of Yarn's cache are
 * left out: Yarn makes them of tarballs.
 */
export function presetLevels(
  pinned: string,
): readonly { readonly rule: RuleId; readonly raised: readonly RaisedLevel[] }[] {
  return presetRules(pinned).map(({ rule }) => ({
    rule,
    raised: formats.flatMap(({ id, ecosystem, rules: formatRules }): RaisedLevel[] => {
      const applies =
        formatRules.some((formatRule) => formatRule.id === rule) && isRaised(pinned, rule, id);
      const level = levelIn(ecosystem, rules[rule], id);
      if (!applies || level === 'error' || id === 'yarn-zip') return [];
      return [{ format: id, default: level }];
    }),
  }));
}
