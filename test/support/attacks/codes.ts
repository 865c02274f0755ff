/** The codes that an attack table names, and the rules that they belong to. */
import { problems, type Code, type RuleId } from '@tarwarden/core';

/** The rule of each code. Every code must exist. */
export function rulesWith(codes: string | readonly string[]): RuleId[] {
  const ids = [codes].flat().map((code) => {
    if (!Object.hasOwn(problems, code)) throw new RangeError(`no code ${code}`);
    return problems[code as Code].id;
  });
  return [...new Set(ids)];
}
