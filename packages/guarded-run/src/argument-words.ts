/* The words of a client's command line. */

export interface ArgumentWord {
  /** The option without its value, or the operand. */
  readonly name: string;
  /** The arguments as they were given: two if the value is the next argument. */
  readonly given: readonly string[];
  readonly isOption: boolean;
}

/** @param withValue Options that take the next argument as their value. */
export function argumentWords(
  args: readonly string[],
  withValue: ReadonlySet<string>,
): readonly ArgumentWord[] {
  const words: ArgumentWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const next = withValue.has(arg) ? args[at + 1] : undefined;
    const isOption = arg.startsWith('-');
    const name = isOption ? arg.replace(/=.*/s, '') : arg;
    words.push({ name, given: next === undefined ? [arg] : [arg, next], isOption });
    if (next !== undefined) at++;
  }
  return words;
}

export function optionValue(
  words: readonly ArgumentWord[],
  names: readonly string[],
): string | undefined {
  const last = words.findLast(({ name }) => names.includes(name));
  if (last === undefined) return undefined;
  return last.given[1] ?? last.given[0]!.slice(last.name.length + 1);
}
