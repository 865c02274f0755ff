import { parse } from 'ini';
import type { Values } from '../layer.ts';
import type { Variables } from '../where.ts';

/** The settings in the text of an .npmrc, as npm has them, and as they are written. */
export function npmrcValues(text: string, env: Variables): { values: Values; written: Values } {
  const written = Object.entries(parse(text)) as [string, unknown][];
  const replaced = (value: unknown): unknown =>
    typeof value === 'string' ? withVariables(value, env) : value;
  const values = written.map(([name, value]): [string, unknown] => [
    withVariables(name, env),
    Array.isArray(value) ? value.map(replaced) : replaced(value),
  ]);
  return { values: new Map(values), written: new Map(written) };
}

/** A text with `${NAME}` replaced by the variable. An unset variable stays as it is written, and is empty in `${NAME?}`. */
export function withVariables(text: string, env: Variables): string {
  return text.replaceAll(
    /(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}/g,
    (whole, escapes: string, name: string, question: string | undefined) => {
      if (escapes.length % 2 === 1) return whole.slice((escapes.length + 1) / 2);
      return (
        escapes.slice(escapes.length / 2) + (env[name] ?? (question === '?' ? '' : `\${${name}}`))
      );
    },
  );
}
