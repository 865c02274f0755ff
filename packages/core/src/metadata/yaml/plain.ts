import { quote } from '../../text/printable.ts';
import { YamlProblem } from './problem.ts';

/** What begins something else than a scalar without quotes. */
const INDICATOR = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?: |$))/;
/** A comment, or the end of a key. */
const ENDS = /(?:^| )#|:(?: |$)|\t/;

/** Refuses a line of a scalar without quotes that readers might end before its end. */
export function checkPlain(line: string, first: boolean): void {
  if ((first && INDICATOR.test(line)) || ENDS.test(line))
    throw new YamlProblem(`a text without quotes is not plain: ${quote(line)}`);
}
