import type { Count, NewlyRejected, ReportTally } from '../../../sweep/ledger/report.ts';
import { tallyLabel } from './bars.ts';
import { markup, type Markup } from '../../../browser/markup.ts';
import { percent, whole } from './numbers.ts';

/** The most rows of a list that are not folded away. */
const OPEN_ROWS = 15;

/** All numbers of a chart as a table. */
export function countTable(
  caption: string,
  rows: readonly Count[],
  { key, all }: { readonly key: string; readonly all: number },
): Markup {
  const cells = rows.map(
    (row) => markup`<tr><th scope="row"><bdi>${tallyLabel(row)}</bdi></th>
<td class="number">${whole(row.count)}</td><td class="number">${percent(row.count, all)}</td>
<td class="number">${whole(row.warned)}</td><td class="number">${whole(row.rejected)}</td></tr>`,
  );
  return folded(
    'The numbers as a table',
    markup`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${key}</th><th scope="col" class="number">all</th><th scope="col" class="number">share</th><th scope="col" class="number">accepted with findings</th><th scope="col" class="number">rejected</th></tr></thead>
<tbody>
${cells}
</tbody></table>`,
  );
}

export function tallyTable(caption: string, rows: readonly ReportTally[], key: string): Markup {
  const cells = rows.map(
    (row) =>
      markup`<tr><th scope="row"><bdi>${tallyLabel(row)}</bdi></th><td class="number">${whole(row.count)}</td></tr>`,
  );
  return folded(
    'The numbers as a table',
    markup`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${key}</th><th scope="col" class="number">count</th></tr></thead>
<tbody>
${cells}
</tbody></table>`,
  );
}

export function newestTable(rows: readonly NewlyRejected[]): Markup {
  const [first, rest] = [rows.slice(0, OPEN_ROWS), rows.slice(OPEN_ROWS)];
  const open = markup`<div class="scroll">${versionTable('The newest first, under each of their names', first)}</div>`;
  if (rest.length === 0) return open;
  const more = `${rest.length} more`;
  return markup`${open}${folded(more, versionTable('Those before', rest))}`;
}

function versionTable(caption: string, rows: readonly NewlyRejected[]): Markup {
  const cells = rows.map(
    ({ name, version, rules, inspected }) =>
      markup`<tr><td class="time">${inspected}</td><td><bdi>${name}</bdi></td><td><bdi>${version}</bdi></td><td>${rules.join(', ')}</td></tr>`,
  );
  return markup`<table><caption>${caption}</caption>
<thead><tr><th scope="col">inspected</th><th scope="col">package</th><th scope="col">version</th><th scope="col">rules</th></tr></thead>
<tbody>
${cells}
</tbody></table>`;
}

function folded(summary: string, content: Markup): Markup {
  return markup`<details><summary>${summary}</summary><div class="scroll">${content}</div></details>`;
}
