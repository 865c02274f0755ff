/* Variables in the values of a .yarnrc.yml. Yarn 3 replaces them by one expression, Yarn 4 lets a default hold further variables. */
import type { Variables } from '../where.ts';

/** Majors of Yarn that read the same files differently. Yarn 2 reads them as Yarn 3 does. */
export type YarnMajor = 3 | 4;

/** A text with its variables replaced. Undefined where Yarn stops: a variable is not set, or the text is not what Yarn understands. */
export function withYarnVariables(
  text: string,
  env: Variables,
  major: YarnMajor,
): string | undefined {
  return major === 3 ? byExpression(text, env) : nested(text, env);
}

function byExpression(text: string, env: Variables): string | undefined {
  let isMissing = false;
  // Behind the last brace nothing matches, and the search for one would begin again at each variable.
  const end = text.lastIndexOf('}') + 1;
  const replaced = text
    .slice(0, end)
    .replaceAll(
      /\$\{(\w+)(:)?(?:-([^}]*))?\}/g,
      (_, name: string, colon: string | undefined, other: string | undefined) => {
        const value = env[name];
        if (value !== undefined && (value !== '' || colon === undefined)) return value;
        isMissing ||= other === undefined;
        return other ?? '';
      },
    );
  return isMissing ? undefined : replaced + text.slice(end);
}

const TOKEN = /\\([\\$}])|\$\{(?:([a-zA-Z]\w*)(:-|-|(?=\})))?|\}/g;

/** Each `}` ends the default that began last. What is in a default that is not used is skipped. */
function nested(text: string, env: Variables): string | undefined {
  let output = '';
  let done = 0;
  let depth = 0;
  /** The depth of the default that is not used. */
  let skipped: number | undefined;
  for (const { 0: token, 1: escaped, 2: name, 3: operator, index } of text.matchAll(TOKEN)) {
    if (skipped === undefined) output += text.slice(done, index);
    done = index + token.length;
    if (skipped !== undefined) {
      if (name !== undefined) depth++;
      else if (token === '}' && --depth < skipped) skipped = undefined;
    } else if (escaped !== undefined) output += escaped;
    else if (name !== undefined) {
      const value = env[name];
      depth++;
      if (value !== undefined && (value !== '' || operator !== ':-')) {
        output += value;
        skipped = depth;
      } else if (operator === '') return undefined;
    } else if (token !== '}') return undefined;
    else if (depth > 0) depth--;
    else output += token;
  }
  return depth > 0 ? undefined : output + text.slice(done);
}
