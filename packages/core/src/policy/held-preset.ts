import type { RuleId } from '../catalogue/index.ts';
import type { AppliedPreset } from '../finding/verdict.ts';
import type { HeldPreset } from './policy.ts';
import { isRaised, pinnedPreset } from './presets.ts';
import type { PolicyFile } from './schema.ts';

/** The preset that a policy file sets. The levels of the same file count in its place. */
export function heldPreset(
  { preset, levels = {} }: PolicyFile,
  { setBy, file }: Pick<AppliedPreset, 'setBy' | 'file'>,
): HeldPreset | undefined {
  if (preset === undefined) return undefined;
  const name = pinnedPreset(preset);
  const own = Object.keys(levels) as RuleId[];
  const except = own.filter((rule) => isRaised(name, rule)).toSorted();
  return { name, setBy, file, ...(except.length > 0 && { except }) };
}
