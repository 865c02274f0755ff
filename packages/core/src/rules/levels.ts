import type { Ecosystem, Format } from '../finding/format.ts';
import type { Level } from '../finding/verdict.ts';
import type { RuleText } from './rule.ts';

/** Order of the levels. */
export const STRICTNESS: Readonly<Record<Level | 'off', number>> = {
  off: 0,
  note: 1,
  warning: 2,
  error: 3,
};

/** Level of a rule for the archives of an ecosystem, or of one format of it, unless the policy sets another one. */
export function levelIn(
  ecosystem: Ecosystem,
  { level, elsewhere }: Pick<RuleText, 'level' | 'elsewhere'>,
  format?: Format,
): Level {
  const ofFormat = format === undefined ? undefined : elsewhere?.[format];
  return (ofFormat ?? elsewhere?.[ecosystem])?.level ?? level;
}

/** The strictest level that a rule has for any archive. A lower level loosens the rule for some archives. */
export function strictestLevel({ level, elsewhere }: Pick<RuleText, 'level' | 'elsewhere'>): Level {
  return Object.values(elsewhere ?? {}).reduce(
    (strictest, other) =>
      STRICTNESS[other.level] > STRICTNESS[strictest] ? other.level : strictest,
    level,
  );
}
