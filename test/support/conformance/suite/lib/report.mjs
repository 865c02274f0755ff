// The table by class, and the JSON document.

import { OUTCOMES } from './judge.mjs';

/** @typedef {{ id: string, format: string, class: string, scope: string, outcome: import('./judge.mjs').Outcome, detail?: string, leftFiles?: number }} Result */

const NAMES = /** @type {(keyof typeof OUTCOMES)[]} */ (Object.keys(OUTCOMES));
/** Archives of one outcome that the text lists. */
const MAX_LISTED = 10;

/**
 * @param {readonly Result[]} results
 * @returns {Record<string, number>}
 */
function counts(results) {
  return Object.fromEntries(
    NAMES.map((name) => [name, results.filter(({ outcome }) => outcome === name).length]),
  );
}

/** @param {readonly Result[]} results */
function byClass(results) {
  const classes = [...new Set(results.map((result) => result.class))];
  return classes.map((name) => {
    const own = results.filter((result) => result.class === name);
    return { class: name, scope: own[0]?.scope ?? '', archives: own.length, ...counts(own) };
  });
}

/**
 * @param {{ version: string, command: readonly string[], results: readonly Result[] }} run
 */
export function jsonReport({ version, command, results }) {
  const document = {
    schema: 1,
    version,
    command,
    archives: results.length,
    outcomes: counts(results),
    classes: byClass(results),
    results,
  };
  return JSON.stringify(document, null, 2);
}

/**
 * @param {{ version: string, results: readonly Result[] }} run
 */
export function textReport({ version, results }) {
  const rows = byClass(results);
  const total = { class: 'all', scope: '', archives: results.length, ...counts(results) };
  const columns = /** @type {const} */ (['class', 'scope', 'archives', ...NAMES]);
  const cells = [
    columns,
    ...[...rows, total].map((row) => columns.map((name) => String(Reflect.get(row, name)))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)));
  const table = cells.map((row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [`conformance suite ${version}`, '', ...table, ...listed(results)].join('\n');
}

/** @param {readonly Result[]} results */
function listed(results) {
  return NAMES.filter((name) => name !== 'as expected').flatMap((name) => {
    const own = results.filter(({ outcome }) => outcome === name);
    if (own.length === 0) return [];
    const shown = own
      .slice(0, MAX_LISTED)
      .map(({ id, detail }) => `  ${id}${detail === undefined ? '' : `: ${detail}`}`);
    const more = own.length > MAX_LISTED ? [`  and ${own.length - MAX_LISTED} more (--json)`] : [];
    return ['', `${OUTCOMES[name]}: ${own.length}`, ...shown, ...more];
  });
}
