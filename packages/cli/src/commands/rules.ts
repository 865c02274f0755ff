import { didYouMean, quote, rulePage, rules, type Level, type RuleId } from '@tarwarden/core';
import { colourFlag, COLOUR_OPTIONS, styleFor } from '../colour.ts';
import { parseOptions } from '../options.ts';
import { write } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { printHelp } from './help.ts';

/** `tarwarden rules [ID]`: the catalogue, or one rule. */
export async function listRules(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions('rules', args, {
    ...COLOUR_OPTIONS,
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values['help'] === true) return printHelp('rules');
  const ids = positionals.length === 0 ? (Object.keys(rules) as RuleId[]) : positionals.map(known);
  const chosen = ids.map((id) => rules[id]);
  if (values['json'] === true) {
    const plain = chosen.map(({ id, level, summary, remedy }) => ({ id, level, summary, remedy }));
    await write(`${JSON.stringify(plain, null, 2)}\n`);
    return 0;
  }
  const style = styleFor(colourFlag(values), process.stdout);
  const paint = (level: Level): string =>
    ({
      error: style.red('error  '),
      warning: style.yellow('warning'),
      note: style.dim('note   '),
    })[level];
  if (positionals.length === 0) {
    const width = Math.max(...chosen.map(({ id }) => id.length));
    const lines = chosen.map(
      ({ id, level, summary }) =>
        `${paint(level)} ${style.bold(id)}${' '.repeat(width - id.length)}  ${summary}`,
    );
    await write(`${lines.join('\n')}\n`);
    return 0;
  }
  const pages = chosen.map(({ id, level, summary, remedy }) =>
    [
      `${paint(level)} ${style.bold(id)}`,
      summary,
      `What to do: ${remedy}`,
      `More: ${rulePage(id)}`,
    ].join('\n'),
  );
  await write(`${pages.join('\n\n')}\n`);
  return 0;
}

function known(id: string): RuleId {
  if (Object.hasOwn(rules, id)) return id as RuleId;
  throw new UsageError(`no rule ${quote(id)}${didYouMean(id, Object.keys(rules))}`, 'rules');
}
