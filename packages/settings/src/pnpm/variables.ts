/* Variables in settings files of pnpm: `${NAME}`, `${NAME-other}`, `${NAME:-other}`, and `${NAME?}` in a file of npm's kind. */
import type { Variables } from '../where.ts';

const VARIABLE = /(?<!\\)(\\*)\$\{([^${}]+)\}/g;

/**
 * A text with its variables replaced.
 * @param whenUnset The text for a variable that is not set and has no other text. pnpm 10 refuses the file then.
 */
export function withPnpmVariables(
  text: string,
  env: Variables,
  whenUnset: (written: string) => string,
): string {
  return text.replaceAll(VARIABLE, (written, escapes: string, name: string) => {
    if (escapes.length % 2 === 1) return written.slice((escapes.length + 1) / 2);
    return escapes.slice(escapes.length / 2) + (valueOf(name, env) ?? whenUnset(written));
  });
}

/** Whether pnpm would replace something in a text that it takes from no project with variables in it. */
export function hasVariable(text: string): boolean {
  // Not by one pattern: it would go to the end of the text from each `${`.
  const at = text.search(/\$\{[^}]/);
  return at >= 0 && text.includes('}', at);
}

/** The text of an unset variable where pnpm goes on without it. */
export const empty = (): string => '';

/** @throws an error, as pnpm does. */
export function refuseUnset(written: string): never {
  throw new Error(`${written} is not set`);
}

function valueOf(name: string, env: Variables): string | undefined {
  const [, variable, colon, other] = /^([^:-]+)(:?)-(.+)$/s.exec(name) ?? [];
  if (variable === undefined) return env[name];
  const value = env[variable];
  return value === undefined || (value === '' && colon === ':') ? other : value;
}
