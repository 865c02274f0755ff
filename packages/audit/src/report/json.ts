import { RULESET } from '@tarwarden/core';
import { escapedJson } from '@tarwarden/core/text';
import { auditRecord } from './record.ts';
import type { AuditReporter } from './reporter.ts';

/** Version of the document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

/** One JSON document, one package a line inside it: `{schema, ruleset, results: AuditRecord[], summary: AuditSummary}`. */
export function auditJson(): AuditReporter {
  let separator = '\n';
  return {
    start: () => `{"schema":${SCHEMA},"ruleset":${escapedJson(RULESET)},"results":[`,
    result: (result) => {
      const line = `${separator}${escapedJson(auditRecord(result))}`;
      separator = ',\n';
      return line;
    },
    end: (summary) => `\n],"summary":${escapedJson(summary)}}\n`,
  };
}

/** One line of JSON a package, and nothing else. */
export const auditNdjson: AuditReporter = {
  start: () => '',
  result: (result) => `${escapedJson(auditRecord(result))}\n`,
  end: () => '',
};
