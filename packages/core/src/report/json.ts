import { RULESET } from '../ruleset.ts';
import { escapedJson } from '../text/escaped-json.ts';
import type { Reporter } from './reporter.ts';
import { recordOf } from './result.ts';

/** Version of the document's shape. Raise it if a key changes its meaning or is removed. */
const SCHEMA = 1;

/** One JSON document, one file a line inside it: `{schema, ruleset, results: ScanRecord[], summary: ScanSummary}`. */
export function jsonReporter(): Reporter {
  let separator = '\n';
  return {
    start: () => `{"schema":${SCHEMA},"ruleset":${escapedJson(RULESET)},"results":[`,
    result: (result) => {
      const line = `${separator}${escapedJson(recordOf(result))}`;
      separator = ',\n';
      return line;
    },
    end: (summary) => `\n],"summary":${escapedJson(summary)}}\n`,
  };
}
